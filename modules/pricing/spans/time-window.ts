import { invalid } from '../../../src/http/contract/app-error.ts'
import { readMoment } from '../../../src/http/contract/moment.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { Sql } from '../../../src/http/paging/paging.ts'

/**
 * The requested spans: those that are current, that applied at a moment, or that overlap [from,
 * to).
 */
export type TimeWindow = { now: true } | { asOf: Date; whole: boolean } | { from?: Date; to?: Date }

/**
 * @throws AppError VALIDATION_ERROR for an invalid moment, a range that ends before it begins, or
 *   `as_of` with a range
 */
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

/** The requested moment. For a whole day, its last instant. */
export function momentAsked({ asOf, whole }: { asOf: Date; whole: boolean }): Date {
  return whole ? new Date(asOf.getTime() - 1) : asOf
}

/** SQL condition: `pricing.prices p` is in the window. */
export function inWindow({ db }: ReadContext, window: TimeWindow): Sql {
  if ('now' in window) return db`p.valid_to is null`
  if ('asOf' in window) {
    // The moment is the last instant of the day. A span that begins with the next day is excluded,
    // and a span that ends with it is included.
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
