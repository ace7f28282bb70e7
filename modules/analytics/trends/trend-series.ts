import type { ProductSpans } from '../../pricing/index.ts'
import { writeDailyPrices } from './daily-prices.ts'
import type { ObservedDays } from './observed-days.ts'
import type { Periods } from './trend-periods.ts'
import { type Run, unchangedPrices } from './unchanged-prices.ts'

/** The prices of a period: a price counts once for every day on which its store was observed. */
export type PeriodPrices = {
  start: string
  /** The number of prices by amount, ascending. */
  counts: { agorot: number; count: number }[]
  stores: number
  products: number
  /** The number of price series: products in stores. */
  series: number
  /** How many of them the previous period also has. */
  matched: number
  /** The mean logarithm of their price ratios between the two periods. */
  change: number
}

export type TrendSeries = {
  /** Adds a product's prices in the stores for which `wanted` returns true. */
  add(spans: ProductSpans, wanted: (store: number) => boolean): void
  /** The periods that have prices, in order. */
  rows(): PeriodPrices[]
}

/** Aggregates prices by period, one product at a time (docs/analytics.md, "Trends"). */
export function createTrendSeries(periods: Periods, observed: ObservedDays): TrendSeries {
  const size = periods.starts.length
  const tally: Tally = {
    size,
    periodOfDay: periods.periodOfDay,
    counts: new Map(),
    stores: [],
    products: new Int32Array(size),
    series: new Int32Array(size),
    matched: new Int32Array(size * size),
    logs: new Float64Array(size * size),
  }
  const unchanged = unchangedPrices(periods, observed)
  const dailyPrices = new Int32Array(periods.days.length)
  const inProduct = new Uint8Array(size)
  const touched = new Set<Run>()
  return {
    add(spans, wanted) {
      for (let begin = 0, end = 0; begin < spans.size; begin = end) {
        const store = spans.store[begin] as number
        while (end < spans.size && spans.store[end] === store) end++
        if (!wanted(store)) continue
        const run = end - begin === 1 ? unchanged.runOf(spans, begin) : undefined
        let inStore = tally.stores[store]
        if (inStore === undefined) {
          inStore = { periods: new Uint8Array(size), runs: new Set(), last: undefined }
          tally.stores[store] = inStore
        }
        if (run === undefined) {
          const first = writeDailyPrices(dailyPrices, periods, observed, { spans, begin, end })
          count(tally, dailyPrices, { first, inStore: inStore.periods, inProduct })
          continue
        }
        const agorot = spans.agorot[begin] as number
        const entry = run.counts.get(agorot)
        if (entry === undefined) run.counts.set(agorot, { count: 1 })
        else entry.count++
        if (inStore.last !== run) inStore.runs.add(run)
        inStore.last = run
        touched.add(run)
      }
      for (const { days } of touched)
        for (const day of days) inProduct[periods.periodOfDay[day] as number] = 1
      touched.clear()
      for (let period = 0; period < size; period++)
        add(tally.products, period, inProduct[period] as number)
      inProduct.fill(0)
    },
    rows() {
      for (const run of unchanged.runs) addRun(tally, run)
      return toPeriodPrices(tally, periods.starts)
    },
  }
}

type Tally = {
  size: number
  /** By day, its period. */
  periodOfDay: Int32Array
  /** By amount in agorot, the number of prices in each period. */
  counts: Map<number, Int32Array>
  /** By store, the periods in which it has prices, and its runs of unchanged prices. */
  stores: ({ periods: Uint8Array; runs: Set<Run>; last: Run | undefined } | undefined)[]
  products: Int32Array
  /** By period, the number of price series. */
  series: Int32Array
  /** By period and by the previous period in which the same series was observed. */
  matched: Int32Array
  logs: Float64Array
}

/** Adds a series' prices from day `first` on, and clears `dailyPrices`. */
function count(
  { periodOfDay, counts, size, series, matched, logs }: Tally,
  dailyPrices: Int32Array,
  { first, inStore, inProduct }: { first: number; inStore: Uint8Array; inProduct: Uint8Array },
): void {
  let [period, sum, days] = [-1, 0, 0]
  let [before, meanBefore] = [-1, 0]
  let agorot = 0
  let row: Int32Array | undefined
  for (let day = first; day <= dailyPrices.length; day++) {
    // a sentinel day after the last closes the last period
    const price = day < dailyPrices.length ? (dailyPrices[day] as number) : -1
    if (price === 0) continue
    const next = price < 0 ? -1 : (periodOfDay[day] as number)
    if (next !== period) {
      if (period >= 0) {
        inStore[period] = 1
        add(series, period, 1)
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
    dailyPrices[day] = 0
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

/** Adds the prices of a run; they do not change between periods. */
function addRun(
  { periodOfDay, counts, size, series, matched }: Tally,
  { days, counts: unchanged }: Run,
): void {
  let total = 0
  for (const [agorot, { count }] of unchanged) {
    const row = counts.get(agorot) ?? new Int32Array(size)
    counts.set(agorot, row)
    for (const day of days) add(row, periodOfDay[day] as number, count)
    total += count
  }
  const periods = [...new Set(days.map((day) => periodOfDay[day] as number))]
  for (const [i, period] of periods.entries()) {
    add(series, period, total)
    const before = periods[i - 1]
    if (before !== undefined) add(matched, period * size + before, total)
  }
}

function add(to: Int32Array | Float64Array, at: number, amount: number): void {
  to[at] = (to[at] as number) + amount
}

function toPeriodPrices(
  { size, periodOfDay, counts, stores, products, series, matched, logs }: Tally,
  starts: readonly string[],
): PeriodPrices[] {
  for (const store of stores) {
    for (const { days } of store?.runs ?? [])
      for (const day of days) if (store) store.periods[periodOfDay[day] as number] = 1
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
      series: series[period] as number,
      matched: both,
      change: both === 0 ? 0 : (logs[pair] as number) / both,
    })
    before = period
  }
  return rows
}
