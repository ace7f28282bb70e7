import type { ProductSpans } from '../pricing/index.ts'
import type { ObservedDays } from './observed-days.ts'
import { dayOf, type Periods } from './trend-periods.ts'

/**
 * Writes into `asked` what a product was asked for on each day (agorot) by the spans `[begin, end)`, which are those of one
 * store, and returns the first of these days. On a day a price is the last one that a list of that day shows: the list that
 * says it first, any full list while it holds, or a delta that names it.
 */
export function askedDays(
  asked: Int32Array,
  periods: Periods,
  { full, partial }: ObservedDays,
  { spans, begin, end }: { spans: ProductSpans; begin: number; end: number },
): number {
  const store = spans.store[begin] as number
  const firsts = full.get(store)
  const deltas = partial.get(store) ?? []
  const { length } = periods.days
  for (let i = begin; i < end; i++) {
    const [from, to, agorot] = [spans.from[i] as number, spans.to[i] as number, spans.agorot[i] as number]
    const [first, last] = [dayOf(periods, from), dayOf(periods, to)]
    if (first >= 0 && first < length) asked[first] = agorot
    if (firsts !== undefined) {
      for (let day = first + 1; day < last; day++) if (firsts[day] !== 0) asked[day] = agorot
      if (last > first && last < length && isWithin(firsts[last] as number, to)) asked[last] = agorot
    }
    for (const { at, day, products } of deltas) {
      if (at >= from && at < to && products.has(spans.productId)) asked[day] = agorot
    }
  }
  return Math.max(0, dayOf(periods, spans.from[begin] as number))
}

/** Whether there is a first full list of the day at which a span ends, and before its end. */
function isWithin(first: number, to: number): boolean {
  return first !== 0 && first < to
}
