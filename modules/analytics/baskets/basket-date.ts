import { readMoment } from '../../../src/http/contract/moment.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { TimeWindow } from '../../pricing/index.ts'

/**
 * The day of the purchase, which decides the promotions. A past day uses the prices and lists at
 * its end; a future day uses the current ones.
 */
export type BasketDate = { day: string; window: TimeWindow }

/** Defaults to today. @throws AppError VALIDATION_ERROR for an invalid date */
export function readBasketDate({ day: today }: ReadContext, date = today): BasketDate {
  const asOf = readMoment('date', date, 'end')
  return { day: date, window: date < today ? { asOf, whole: true } : { now: true } }
}
