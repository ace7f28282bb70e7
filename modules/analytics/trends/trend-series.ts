import type { ProductSpans } from '../../pricing/index.ts'
import type { ObservedDays } from './observed-days.ts'
import { requestedDays } from './requested-days.ts'
import type { Periods } from './trend-periods.ts'
import { type Run, unchangedPrices } from './unchanged-prices.ts'

/** The prices of a period: a price counts once for every day on which its store was observed. */
export type PeriodPrices = {
  start: string
  /** How many prices ask so many agorot, in rising order of them. */
  counts: { agorot: number; count: number }[]
  stores: number
  products: number
  /** How many products in stores the period before has too. */
  matched: number
  /** The mean logarithm of their relatives: what they cost in this period by what they did in the one before. */
  change: number
}

export type TrendSeries = {
  /** Counts a product's prices in the stores for which `wanted` is true. */
  add(spans: ProductSpans, wanted: (store: number) => boolean): void
  /** The periods that have prices, in order. */
  rows(): PeriodPrices[]
}

/** Gathers prices by period, a product at a time (docs/analytics.md, "Trends"). */
export function trendSeries(periods: Periods, observed: ObservedDays): TrendSeries {
  const size = periods.starts.length
  const tally: Tally = {
    size,
    of: periods.of,
    counts: new Map(),
    stores: [],
    products: new Int32Array(size),
    matched: new Int32Array(size * size),
    logs: new Float64Array(size * size),
  }
  const steady = unchangedPrices(periods, observed)
  const asked = new Int32Array(periods.days.length)
  const inProduct = new Uint8Array(size)
  const touched = new Set<Run>()
  return {
    add(spans, wanted) {
      for (let begin = 0, end = 0; begin < spans.size; begin = end) {
        const store = spans.store[begin] as number
        while (end < spans.size && spans.store[end] === store) end++
        if (!wanted(store)) continue
        const run = end - begin === 1 ? steady.runOf(spans, begin) : undefined
        let inStore = tally.stores[store]
        if (inStore === undefined) {
          inStore = { periods: new Uint8Array(size), runs: new Set(), last: undefined }
          tally.stores[store] = inStore
        }
        if (run === undefined) {
          const first = requestedDays(asked, periods, observed, { spans, begin, end })
          count(tally, asked, { first, inStore: inStore.periods, inProduct })
          continue
        }
        const agorot = spans.agorot[begin] as number
        const known = run.counts.get(agorot)
        if (known === undefined) run.counts.set(agorot, { count: 1 })
        else known.count++
        if (inStore.last !== run) inStore.runs.add(run)
        inStore.last = run
        touched.add(run)
      }
      for (const { days } of touched)
        for (const day of days) inProduct[periods.of[day] as number] = 1
      touched.clear()
      for (let period = 0; period < size; period++)
        add(tally.products, period, inProduct[period] as number)
      inProduct.fill(0)
    },
    rows() {
      for (const run of steady.runs) countRun(tally, run)
      return rowsOf(tally, periods.starts)
    },
  }
}

type Tally = {
  size: number
  /** Of each day its period. */
  of: Int32Array
  /** By agorot how many prices each period has. */
  counts: Map<number, Int32Array>
  /** By store whether it has prices in each period, and those that are counted as runs. */
  stores: ({ periods: Uint8Array; runs: Set<Run>; last: Run | undefined } | undefined)[]
  products: Int32Array
  /** Of a period (row) and the one in which the same price was seen last before (column). */
  matched: Int32Array
  logs: Float64Array
}

/** Counts what a product was asked for in a store from day `first` on, and empties `asked`. */
function count(
  { of, counts, size, matched, logs }: Tally,
  asked: Int32Array,
  { first, inStore, inProduct }: { first: number; inStore: Uint8Array; inProduct: Uint8Array },
): void {
  let [period, sum, days] = [-1, 0, 0]
  let [before, meanBefore] = [-1, 0]
  let agorot = 0
  let row: Int32Array | undefined
  for (let day = first; day <= asked.length; day++) {
    // a day behind the last one closes the last period
    const price = day < asked.length ? (asked[day] as number) : -1
    if (price === 0) continue
    const next = price < 0 ? -1 : (of[day] as number)
    if (next !== period) {
      if (period >= 0) {
        inStore[period] = 1
        inProduct[period] = 1
        const mean = sum / days
        if (before >= 0) add(matched, period * size + before, 1)
        if (before >= 0 && mean !== meanBefore)
          add(logs, period * size + before, Math.log(mean / meanBefore))
        before = period
        meanBefore = mean
      }
      period = next
      sum = 0
      days = 0
    }
    if (price < 0) return
    asked[day] = 0
    sum += price
    days++
    if (price !== agorot || row === undefined) {
      row = counts.get(price) ?? new Int32Array(size)
      counts.set(price, row)
      agorot = price
    }
    add(row, period, 1)
  }
}

/** Counts the prices of a run: none of them changes from a period to the next. */
function countRun({ of, counts, size, matched }: Tally, { days, counts: steady }: Run): void {
  let total = 0
  for (const [agorot, { count }] of steady) {
    const row = counts.get(agorot) ?? new Int32Array(size)
    counts.set(agorot, row)
    for (const day of days) add(row, of[day] as number, count)
    total += count
  }
  const periods = [...new Set(days.map((day) => of[day] as number))]
  for (const [i, period] of periods.entries()) {
    const before = periods[i - 1]
    if (before !== undefined) add(matched, period * size + before, total)
  }
}

function add(to: Int32Array | Float64Array, at: number, amount: number): void {
  to[at] = (to[at] as number) + amount
}

function rowsOf(
  { size, of, counts, stores, products, matched, logs }: Tally,
  starts: readonly string[],
): PeriodPrices[] {
  for (const store of stores) {
    for (const { days } of store?.runs ?? [])
      for (const day of days) if (store) store.periods[of[day] as number] = 1
  }
  const ascending = [...counts].sort(([a], [b]) => a - b)
  const rows: PeriodPrices[] = []
  let before = -1
  for (const [period, start] of starts.entries()) {
    const inPeriod = ascending
      .map(([agorot, row]) => ({ agorot, count: row[period] as number }))
      .filter(({ count }) => count > 0)
    if (inPeriod.length === 0) continue
    const pair = period * size + before
    const both = before < 0 ? 0 : (matched[pair] as number)
    rows.push({
      start,
      counts: inPeriod,
      stores: stores.filter((store) => store?.periods[period] === 1).length,
      products: products[period] as number,
      matched: both,
      change: both === 0 ? 0 : (logs[pair] as number) / both,
    })
    before = period
  }
  return rows
}
