import { readMoment } from '../../../src/http/contract/moment.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { TimeWindow } from '../../pricing/index.ts'

/**
 * The day a basket is bought on, which decides the promotions. For a past day the prices and lists
 * at its end count; for a future day the current ones.
 */
export type BasketDate = { day: string; window: TimeWindow }

/** Defaults to today. @throws AppError VALIDATION_ERROR for an invalid date */
export function readBasketDate({ day: today }: ReadContext, date = today): BasketDate {
  const asOf = readMoment('date', date, 'end')
  return { day: date, window: date < today ? { asOf, whole: true } : { now: true } }
}
