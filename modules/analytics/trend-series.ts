import type { ProductSpans } from '../pricing/index.ts'
import { askedDays } from './asked-days.ts'
import type { ObservedDays } from './observed-days.ts'
import type { Periods } from './trend-periods.ts'

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
    stores: new Map(),
    products: new Int32Array(size),
    matched: new Int32Array(size * size),
    logs: new Float64Array(size * size),
  }
  const asked = new Int32Array(periods.days.length)
  const seen = new Uint8Array(size)
  return {
    add(spans, wanted) {
      for (let begin = 0, end = 0; begin < spans.size; begin = end) {
        const store = spans.store[begin] as number
        while (end < spans.size && spans.store[end] === store) end++
        if (!wanted(store)) continue
        const first = askedDays(asked, periods, observed, { spans, begin, end })
        const inStore = tally.stores.get(store) ?? new Uint8Array(size)
        tally.stores.set(store, inStore)
        count(tally, asked, first, (period) => {
          inStore[period] = 1
          seen[period] = 1
        })
      }
      for (let period = 0; period < size; period++) add(tally.products, period, seen[period] as number)
      seen.fill(0)
    },
    rows: () => rowsOf(tally, periods.starts),
  }
}

type Tally = {
  size: number
  /** Of each day its period. */
  of: readonly number[]
  /** By agorot how many prices each period has. */
  counts: Map<number, Int32Array>
  /** By store whether it has prices in each period. */
  stores: Map<number, Uint8Array>
  products: Int32Array
  /** Of a period (row) and the one in which the same price was seen last before (column). */
  matched: Int32Array
  logs: Float64Array
}

/** Counts what a product was asked for in a store from day `first` on, and empties `asked`. */
function count(tally: Tally, asked: Int32Array, first: number, onPeriod: (period: number) => void): void {
  const { of, counts, size } = tally
  const before = { period: -1, mean: 0 }
  let [period, sum, days] = [-1, 0, 0]
  let agorot = 0
  let row = new Int32Array() as Int32Array
  const close = () => {
    if (period < 0) return
    onPeriod(period)
    const mean = sum / days
    if (before.period >= 0) {
      const pair = period * size + before.period
      add(tally.matched, pair, 1)
      if (mean !== before.mean) add(tally.logs, pair, Math.log(mean / before.mean))
    }
    Object.assign(before, { period, mean })
  }
  for (let day = first; day < asked.length; day++) {
    const price = asked[day] as number
    if (price === 0) continue
    asked[day] = 0
    if (of[day] !== period) {
      close()
      ;[period, sum, days] = [of[day] as number, 0, 0]
    }
    sum += price
    days++
    if (price !== agorot) {
      row = counts.get(price) ?? new Int32Array(size)
      counts.set(price, row)
      agorot = price
    }
    add(row, period, 1)
  }
  close()
}

function add(to: Int32Array | Float64Array, at: number, amount: number): void {
  to[at] = (to[at] as number) + amount
}

function rowsOf({ size, counts, stores, products, matched, logs }: Tally, starts: readonly string[]): PeriodPrices[] {
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
      stores: [...stores.values()].filter((seen) => seen[period] === 1).length,
      products: products[period] as number,
      matched: both,
      change: both === 0 ? 0 : (logs[pair] as number) / both,
    })
    before = period
  }
  return rows
}
