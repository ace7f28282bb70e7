import { readMoment } from '../../../src/http/contract/moment.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { TimeWindow } from '../../pricing/index.ts'

/**
 * The day that a basket is bought on: its promotions hold. Of a day that is over, what stores asked and listed at its
 * last instant counts; of a day to come, what they ask and list now.
 */
export type BasketDate = { day: string; window: TimeWindow }

/**
 * Today unless a date is given.
 *
 * @throws AppError VALIDATION_ERROR for what is no date
 */
export function readBasketDate({ day: today }: ReadContext, date = today): BasketDate {
  const asOf = readMoment('date', date, 'end')
  return { day: date, window: date < today ? { asOf, whole: true } : { now: true } }
}
