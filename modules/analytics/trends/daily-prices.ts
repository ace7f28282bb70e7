import type { ProductSpans } from '../../pricing/index.ts'
import type { FullListDays, ObservedDays } from './observed-days.ts'
import { dayOf, type Periods } from './trend-periods.ts'

/**
 * Writes the price of a product in one store on each day (agorot) into `dailyPrices`, from its
 * spans `[begin, end)`; returns the first such day. A day's price is the last one that a list of
 * the day shows: the list that began the span, any full list during it, or a delta that names it.
 */
export function writeDailyPrices(
  dailyPrices: Int32Array,
  periods: Periods,
  { full, partial }: ObservedDays,
  { spans, begin, end }: { spans: ProductSpans; begin: number; end: number },
): number {
  const store = spans.store[begin] as number
  const fullDays = full.get(store)
  const deltas = partial.get(store)
  const length = periods.days.length
  for (let i = begin; i < end; i++) {
    const from = spans.from[i] as number
    const to = spans.to[i] as number
    const agorot = spans.agorot[i] as number
    const first = dayOf(periods, from)
    const last = dayOf(periods, to)
    if (first >= 0 && first < length) dailyPrices[first] = agorot
    if (fullDays !== undefined && last >= 0)
      markFullListDays(dailyPrices, fullDays, { first, last, to, agorot })
    for (const { at, day, products } of deltas ?? []) {
      if (at >= from && at < to && products.has(spans.productId)) dailyPrices[day] = agorot
    }
  }
  return Math.max(0, dayOf(periods, spans.from[begin] as number))
}

/** Marks later days of a span with a full list; on its last day the list must precede its end. */
function markFullListDays(
  dailyPrices: Int32Array,
  { days, firsts }: FullListDays,
  { first, last, to, agorot }: { first: number; last: number; to: number; agorot: number },
): void {
  for (let k = 0; k < days.length; k++) {
    const day = days[k] as number
    if (day > first && (day < last || (day === last && (firsts[k] as number) < to)))
      dailyPrices[day] = agorot
  }
}
