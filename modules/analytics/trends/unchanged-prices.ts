import type { ProductSpans } from '../../pricing/index.ts'
import type { ObservedDays } from './observed-days.ts'
import { dayOf, type Periods } from './trend-periods.ts'

/** Days on which a price was observed. Stores observed on the same days share a run. */
export type Run = {
  id: number
  days: readonly number[]
  /** The number of prices observed on exactly these days, by amount in agorot. */
  counts: Map<number, { count: number }>
}

export type UnchangedPrices = {
  /**
   * The run of a store's only span of a product, if that span never ends; undefined for prices that
   * must be examined by day.
   */
  runOf(spans: ProductSpans, i: number): Run | undefined
  runs: readonly Run[]
}

/** With more distinct runs than this, sharing them saves no time. */
const MAX_RUNS = 2000

/** Counts prices that never change (most of them) once for a run of days instead of day by day. */
export function unchangedPrices(
  periods: Periods,
  { full, partial }: ObservedDays,
): UnchangedPrices {
  const runs: Run[] = []
  /** By store, the run that begins on each day; at index `days.length`, the run of all days. */
  const byStore: Run[][] = []
  const places = new Map<number, Run>()
  for (const [store, { days }] of full) {
    if (partial.has(store)) continue
    const own: Run[] = []
    // backwards: a day and the run after it identify the run that begins on that day
    for (let k = days.length - 1, behind = 0; k >= 0; k--) {
      const place = behind * periods.days.length + (days[k] as number)
      const run = places.get(place) ?? {
        id: runs.length + 1,
        days: days.slice(k),
        counts: new Map(),
      }
      if (run.id > runs.length) runs.push(run)
      places.set(place, run)
      own[days[k] as number] = run
      behind = run.id
    }
    if (runs.length > MAX_RUNS) break
    const whole = own[days[0] as number]
    if (whole !== undefined) own[periods.days.length] = whole
    byStore[store] = own
  }
  const end = periods.bounds[periods.days.length] as number
  return {
    runs,
    runOf(spans, i) {
      const own = byStore[spans.store[i] as number]
      const to = spans.to[i] as number
      if (own === undefined || (to !== Number.POSITIVE_INFINITY && to < end)) return undefined
      const first = dayOf(periods, spans.from[i] as number)
      return first < 0 ? own[periods.days.length] : own[first]
    },
  }
}
