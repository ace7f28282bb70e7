import type { ProductSpans } from '../../pricing/index.ts'
import type { ObservedDays, SeenDays } from './observed-days.ts'
import { dayOf, type Periods } from './trend-periods.ts'

/**
 * Writes into `asked` what a product was asked for on each day (agorot) by the spans `[begin, end)`, which are those of one
 * store, and returns the first of these days. On a day a price is the last one that a list of that day shows: the list that
 * says it first, any full list while it holds, or a delta that names it.
 */
export function requestedDays(
  asked: Int32Array,
  periods: Periods,
  { full, partial }: ObservedDays,
  { spans, begin, end }: { spans: ProductSpans; begin: number; end: number },
): number {
  const store = spans.store[begin] as number
  const seen = full.get(store)
  const deltas = partial.get(store)
  const length = periods.days.length
  for (let i = begin; i < end; i++) {
    const from = spans.from[i] as number
    const to = spans.to[i] as number
    const agorot = spans.agorot[i] as number
    const first = dayOf(periods, from)
    const last = dayOf(periods, to)
    if (first >= 0 && first < length) asked[first] = agorot
    if (seen !== undefined && last >= 0) markSeen(asked, seen, { first, last, to, agorot })
    for (const { at, day, products } of deltas ?? []) {
      if (at >= from && at < to && products.has(spans.productId)) asked[day] = agorot
    }
  }
  return Math.max(0, dayOf(periods, spans.from[begin] as number))
}

/** The days after a span's first one on which a full list shows it; on the last one that list must come before its end. */
function markSeen(
  asked: Int32Array,
  { days, firsts }: SeenDays,
  { first, last, to, agorot }: { first: number; last: number; to: number; agorot: number },
): void {
  for (let k = 0; k < days.length; k++) {
    const day = days[k] as number
    if (day > first && (day < last || (day === last && (firsts[k] as number) < to)))
      asked[day] = agorot
  }
}
