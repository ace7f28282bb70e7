import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bodyOf, startTestApi, type TestApi } from '../../../src/testing/test-app.ts'
import { computeStoreIndexes, packSpans } from '../../pricing/index.ts'
import type { CheapStore } from './cheapest-store-schemas.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const STALE_SINCE = '2026-08-01T00:00:00Z'

/**
 * Inserts a store per key, with its prices of products 101, 102, …; 0 means not sold. Until the day
 * on which the store `stale` was last observed, all others charged half of their current price.
 */
async function sell(
  prices: Record<string, readonly number[]>,
  categoryOf = (_product: number): string => 'Dairy',
) {
  const { sql } = api
  await sql`truncate pricing.prices, catalog.products, catalog.stores, pricing.price_lists cascade`
  const [at, wide] = [
    '2026-08-20T00:00:00Z',
    Math.max(...Object.values(prices).map(({ length }) => length)),
  ]
  const products = Array.from({ length: wide }, (_, i) => 101 + i)
  await sql`insert into catalog.products (id, code, name, names, search, category)
    select id, code, code, '{}', '', category from jsonb_to_recordset(${sql.json(
      products.map((id) => ({
        id,
        code: String(7_290_000_000_000 + id),
        category: categoryOf(id),
      })),
    )}) as x (id integer, code text, category text)`
  const stores = Object.keys(prices).map((name, i) => {
    const chain_id = i % 2 === 0 ? '7290027600007' : '7290058140886'
    const city = i < 2 ? 'חיפה' : 'עכו'
    return {
      id: i + 1,
      chain_id,
      store_number: i + 1,
      name,
      city,
      last_observed_at: name === 'stale' ? STALE_SINCE : at,
    }
  })
  await sql`insert into catalog.stores ${sql(stores)}`
  const span = { valid_to: null as string | null, list_id: 1 }
  const spans = Object.entries(prices).flatMap(([name, row], store) =>
    row.flatMap((price, i) => {
      const ids = { ...span, product_id: 101 + i, store_id: store + 1 }
      const agorot = Math.round(price * 100)
      if (name === 'stale') return [{ ...ids, valid_from: STALE_SINCE, agorot }]
      const half = Math.round(agorot / 2)
      return [
        { ...ids, valid_from: STALE_SINCE, valid_to: at, agorot: half },
        { ...ids, valid_from: at, agorot },
      ]
    }),
  )
  await sql`insert into pricing.prices ${sql(spans.filter(({ agorot }) => agorot > 0))}`
  const lists = stores.flatMap(({ id, last_observed_at }) =>
    [...new Set([STALE_SINCE, last_observed_at])].map((observed_at, i) => ({
      id: 10 * id + i,
      store_id: id,
      observed_at,
      kind: 'full',
      file_name: `list-${id}-${i}`,
      sha256: Buffer.from(`${id}-${i}`),
      content: Buffer.from(`${id}-${i}`),
      rows: wide,
      product_ids: null,
    })),
  )
  await sql`insert into pricing.price_lists ${sql(lists)}`
  await sql.begin(async (tx) => {
    await tx`create temp table changed_products on commit drop as
      select product_id from pricing.prices union select product_id from pricing.product_spans`
    await packSpans(tx)
    await computeStoreIndexes(tx, new Date('2026-08-13T00:00:00Z'))
    await tx`update core.generation set number = number + 1`
    await tx`select pg_notify('generation', 'x')`
  })
}

const cheapest = async (query = '') =>
  (await api.data(`/v1/analytics/cheapest-stores?${query}`)) as CheapStore[]
const brief = (rows: CheapStore[]) =>
  rows.map(({ rank, store, index, not_ranked }) => [rank, store.name, index, not_ranked])

test('the example in docs/analytics.md has the right index and interval', async () => {
  const text = readFileSync(
    fileURLToPath(new URL('../../../docs/analytics.md', import.meta.url).href),
    'utf8',
  )
  const [, json = ''] = /```json\n(\{"example": "cheapest-stores".*?)```/s.exec(text) ?? []
  const { prices, market_products, index, interval } = JSON.parse(json)
  await sell(prices)
  const rows = await cheapest()
  expect(Object.fromEntries(rows.map((row) => [row.store.name, row.index]))).toEqual(index)
  expect(Object.fromEntries(rows.map((row) => [row.store.name, row.interval]))).toEqual(interval)
  expect(
    rows.map((row) => [row.rank, row.not_ranked, row.market_products, row.market_stores]),
  ).toEqual(Array(3).fill([null, 'too_few_products', market_products, 3]))
})

test('stores are ranked by index; those with too few products and stale ones come last', async () => {
  const shelf = (factor: number, size = 40) =>
    Array.from({ length: size }, (_, i) => Math.round(100 * (5 + i) * factor) / 100)
  await sell(
    { dear: shelf(1.1), cheap: shelf(0.9), usual: shelf(1), few: shelf(1, 8), stale: shelf(0.5) },
    (id) => (id < 135 ? 'Dairy' : 'Snacks'),
  )
  expect(brief(await cheapest())).toEqual([
    [1, 'cheap', 90.29, null],
    [2, 'usual', 100.32, null],
    [3, 'dear', 110.35, null],
    [null, 'few', 100.25, 'too_few_products'],
    [null, 'stale', 50.16, 'stale'],
  ] as never)
  expect(brief(await cheapest('include_stale=true')).map(([rank, name]) => [rank, name])).toEqual([
    ...[
      [1, 'cheap'],
      [2, 'stale'],
      [3, 'usual'],
      [4, 'dear'],
      [null, 'few'],
    ],
  ] as never)
  const rows = await cheapest('include_stale=true&min_products=8')
  expect(rows.find(({ store }) => store.name === 'stale')).toMatchObject({
    ...{ observation_date: '2026-08-01', product_count: 40, coverage: 1, market_stores: 5 },
    index: expect.closeTo(100.26, 1),
  })
  expect(rows.find(({ store }) => store.name === 'few')).toMatchObject({ rank: 3, coverage: 0.2 })
  const [first, ...others] = await cheapest('category=Dairy&city=חיפה')
  expect(first).toMatchObject({
    rank: 1,
    product_count: 34,
    market_products: 34,
    market_stores: 4,
    stale: false,
  })
  expect(others.map(({ rank, store }) => [rank, store.name])).toEqual([[2, 'dear']])
  expect(
    (await cheapest('category=Snacks')).map(({ rank, product_count }) => [rank, product_count]),
  ).toEqual([6, 6, 6, 0, 6].map((count) => [null, count]))
  expect((await cheapest('category=Snacks'))[3]).toMatchObject({
    index: null,
    interval: null,
    observation_date: '2026-08-20',
  })
})

test('pages of cheapest stores keep their order, also descending and with a cursor', async () => {
  const { data, pagination } = await bodyOf(
    await api.ask('/v1/analytics/cheapest-stores?per_page=2&sort=rank:desc'),
  )
  expect([data.map((row: CheapStore) => row.store.name), pagination.total]).toEqual([
    ['stale', 'few'],
    5,
  ])
  const next = await cheapest(`per_page=2&sort=rank:desc&cursor=${pagination.next_cursor}`)
  expect(next.map(({ store }) => store.name)).toEqual(['dear', 'usual'])
})
