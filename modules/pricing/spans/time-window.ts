import { invalid } from '../../../src/http/contract/app-error.ts'
import { readMoment } from '../../../src/http/contract/moment.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { Sql } from '../../../src/http/paging/paging.ts'

/** Which spans are asked for: those that hold now, that held at a moment, or that overlap [from, to). */
export type TimeWindow = { now: true } | { asOf: Date; whole: boolean } | { from?: Date; to?: Date }

/** @throws AppError VALIDATION_ERROR for what is no moment, a range that ends before it begins, or both ways at once */
export function readTimeWindow(query: { from?: string; to?: string; as_of?: string }): TimeWindow {
  const from = query.from === undefined ? undefined : readMoment('from', query.from, 'start')
  const to = query.to === undefined ? undefined : readMoment('to', query.to, 'end')
  if (from !== undefined && to !== undefined && from >= to)
    throw invalid({ field: 'from', message: 'must be before to' })
  if (query.as_of === undefined) {
    return from === undefined && to === undefined
      ? { now: true }
      : { ...(from && { from }), ...(to && { to }) }
  }
  if (from !== undefined || to !== undefined)
    throw invalid({ field: 'as_of', message: 'cannot be used with from or to' })
  return {
    asOf: readMoment('as_of', query.as_of, 'end'),
    whole: query.as_of.length === 'YYYY-MM-DD'.length,
  }
}

/** The moment that is asked for; the end of a day is its last instant. */
export function momentAsked({ asOf, whole }: { asOf: Date; whole: boolean }): Date {
  return whole ? new Date(asOf.getTime() - 1) : asOf
}

/** The window as a condition on `pricing.prices p`. */
export function inWindow({ db }: ReadContext, window: TimeWindow): Sql {
  if ('now' in window) return db`p.valid_to is null`
  if ('asOf' in window) {
    // The end of a day is its last instant: what begins with the next day does not count, what ends with it does.
    const { asOf, whole } = window
    return whole
      ? db`p.valid_from < ${asOf} and (p.valid_to is null or p.valid_to >= ${asOf})`
      : db`p.valid_from <= ${asOf} and (p.valid_to is null or p.valid_to > ${asOf})`
  }
  const { from, to } = window
  const begins = to === undefined ? db`true` : db`p.valid_from < ${to}`
  const ends = from === undefined ? db`true` : db`(p.valid_to is null or p.valid_to > ${from})`
  return db`${begins} and ${ends}`
}
