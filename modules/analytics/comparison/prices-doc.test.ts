import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ProductSpans } from '../../pricing/index.ts'
import { computeRanks, priceRange } from '../sellers/price-range.ts'
import { listPeriods } from '../trends/trend-periods.ts'
import { createTrendSeries } from '../trends/trend-series.ts'
import { toTrend } from '../trends/trends.ts'

const text = readFileSync(
  fileURLToPath(new URL('../../../docs/analytics.md', import.meta.url).href),
  'utf8',
)
const agorot = (shekels: number) => Math.round(shekels * 100)

function examplesOf<T>(name: string): T[] {
  const blocks = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) => json)
  const examples = blocks
    .filter((json) => json.startsWith(`{"example": "${name}"`))
    .map((json) => JSON.parse(json))
  expect(examples.length).toBeGreaterThan(0)
  return examples
}

test('the example in docs/analytics.md has the right range and ranks', () => {
  type Comparison = {
    prices: Record<string, number>
    ranks: Record<string, number>
    range: unknown
  }
  for (const { prices, ranks, range } of examplesOf<Comparison>('comparison')) {
    const dailyPrices = Object.values(prices).map(agorot)
    expect(priceRange(dailyPrices.toSorted((a, b) => a - b))).toEqual(range as never)
    expect(computeRanks(dailyPrices)).toEqual(Object.values(ranks))
  }
})

test('the example in docs/analytics.md has the right trend', () => {
  type Trends = { prices: Record<string, Record<string, number>>; rows: object[] }
  for (const { prices, rows } of examplesOf<Trends>('trends')) {
    const days = [...new Set(Object.values(prices).flatMap((byDay) => Object.keys(byDay)))].sort()
    const periods = listPeriods(days[0] ?? '', days.at(-1) ?? '', 'day')
    const stores = Object.values(prices).map((byDay) => {
      const fullDays = periods.days
        .map((day, i) => (byDay[day] === undefined ? -1 : i))
        .filter((i) => i >= 0)
      return {
        byDay,
        days: fullDays,
        firsts: fullDays.map((i) => (periods.bounds[i] as number) + 43_200),
      }
    })
    const series = createTrendSeries(periods, {
      full: new Map(stores.entries()),
      partial: new Map(),
    })
    series.add(spansOf(stores), () => true)
    const trends = series.rows().map((row) => toTrend(row, days.at(-1) ?? '', 'day'))
    expect(trends).toEqual(rows.map((row) => expect.objectContaining(row)) as never)
  }
})

/** A span for each day's price, ending with the next list. */
function spansOf(stores: { byDay: Record<string, number>; firsts: number[] }[]): ProductSpans {
  const spans = stores.flatMap(({ byDay, firsts }, store) =>
    Object.values(byDay).map((price, i) => ({
      store,
      price: agorot(price),
      from: firsts[i] ?? 0,
      to: firsts[i + 1],
    })),
  )
  return {
    productId: 1,
    size: spans.length,
    store: Int32Array.from(spans, ({ store }) => store),
    from: Float64Array.from(spans, ({ from }) => from),
    to: Float64Array.from(spans, ({ to }) => to ?? Number.POSITIVE_INFINITY),
    agorot: Int32Array.from(spans, ({ price }) => price),
  }
}
