import { afterAll, beforeAll, expect, test } from 'bun:test'
import { bodyOf, startTestApi, type TestApi } from '../../../src/testing/test-app.ts'
import type { Trend } from './trend-schemas.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const trends = async (query: string) => (await api.data(`/v1/analytics/trends?${query}`)) as Trend[]

test('in daily trends a store counts on the days it was observed; thin days are marked', async () => {
  const rows = await api.data('/v1/prices/trends?product_id=1')
  const row = (
    day: string,
    [min, mean, median, max]: number[],
    [count, change, matched]: (number | null)[],
    thin: boolean,
  ) => ({
    ...{ period_start: day, period_end: day, min, mean, median, max },
    ...{
      price_count: count,
      store_count: count,
      product_count: 1,
      change_percent: change,
      matched_count: matched,
      series_count: count,
      thin,
    },
  })
  expect(rows as unknown[]).toEqual([
    row('2026-08-01', [5, 5, 5, 5], [1, null, 0], false),
    row('2026-08-09', [6.9, 6.9, 6.9, 6.9], [1, null, 0], true),
    row('2026-08-10', [7.11, 7.11, 7.11, 7.11], [1, null, 0], true),
    row('2026-08-11', [6.5, 6.5, 6.5, 6.5], [1, null, 0], true),
    row('2026-08-12', [6.5, 6.5, 6.5, 6.5], [1, 0, 1], false),
    row('2026-08-20', [6.5, 6.81, 6.81, 7.11], [2, 0, 1], false),
  ])
})

test('weekly and monthly trends aggregate their days and end with the requested range', async () => {
  const [first, , last] = await trends('product_id=1&granularity=week&store_id=1&from=2026-08-03')
  expect(first).toMatchObject({
    period_start: '2026-08-03',
    period_end: '2026-08-09',
    price_count: 1,
    mean: 6.9,
  })
  expect(last).toMatchObject({
    period_start: '2026-08-17',
    period_end: '2026-08-20',
    change_percent: 0,
  })
  expect(await trends('barcode=7290000000123&granularity=month')).toEqual([
    {
      ...{
        period_start: '2026-08-01',
        period_end: '2026-08-20',
        min: 5,
        mean: 6.52,
        median: 6.5,
        max: 7.11,
      },
      ...{
        price_count: 7,
        store_count: 3,
        product_count: 1,
        change_percent: null,
        matched_count: 0,
        series_count: 3,
        thin: false,
      },
    },
  ])
  expect((await trends('category=Dairy&granularity=week&store_id=1'))[1]).toMatchObject({
    change_percent: -5.8,
  })
})

test.each([
  ['category=Dairy&from=2026-08-09&to=2026-08-09', [2, 1]],
  ['category=Dairy&subcategory=Milk&from=2026-08-09&to=2026-08-09', [1, 1]],
  ['category=Dairy&product_id=2', []],
  ['chain=rami&from=2026-08-10&to=2026-08-11', [2, 1]],
  ['city=3000&from=2026-08-20', [3, 1]],
  ['product_id=99', []],
  ['to=2026-07-01', []],
])('trends with ?%s select products and stores', async (query, expected) => {
  const rows = await trends(query)
  expect(rows.flatMap(({ product_count, store_count }) => [product_count, store_count])).toEqual(
    expected,
  )
})

test('pages of trends can be read forwards and backwards', async () => {
  for (const sort of ['period_start:asc', 'period_start:desc']) {
    const days: string[] = []
    for (let cursor = ''; ; ) {
      const response = await api.ask(`/v1/analytics/trends?per_page=4&sort=${sort}${cursor}`)
      const { data, pagination } = await bodyOf(response)
      days.push(...data.map(({ period_start }: Trend) => period_start))
      expect(pagination.total).toBe(6)
      if (pagination.next_cursor === null) break
      cursor = `&cursor=${pagination.next_cursor}`
    }
    expect(days).toEqual(sort.endsWith('asc') ? days.toSorted() : days.toSorted().reverse())
    expect(new Set(days).size).toBe(6)
  }
})

test.each([
  ['from=2026-08-02&to=2026-08-01', 'from must not be after to'],
  ['from=2025-01-01&to=2026-08-01', 'from must leave at most 400 periods of a day'],
  ['from=2020-01-01&granularity=month', 'from must be at most 1100 days before to'],
  ['granularity=year', 'granularity must be one of day, week, month'],
])('trends with ?%s are rejected', async (query, message) => {
  const response = await api.ask(`/v1/analytics/trends?${query}`)
  expect([response.status, (await bodyOf(response)).error.message]).toEqual([400, message])
})
