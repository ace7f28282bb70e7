import { afterAll, beforeAll, expect, test } from 'bun:test'
import { startTestApi, type TestApi } from '../../../src/testing/test-app.ts'
import type { PriceComparison } from './comparison-schemas.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const compare = async (query: string) =>
  (await api.data(`/v1/analytics/price-comparison?${query}`)) as PriceComparison[]
const JERUSALEM = {
  id: 1,
  name: 'שלי ירושלים',
  chain: 'שופרסל',
  chain_id: '7290027600007',
  city: 'ירושלים',
}
const TEL_AVIV = {
  id: 2,
  name: 'תלפיות',
  chain: 'רמי לוי',
  chain_id: '7290058140886',
  city: 'תל אביב-יפו',
}
const UNNAMED = { id: 3, name: null, chain: 'רמי לוי', chain_id: '7290058140886', city: null }

test('compares a product in all stores; a stale store is listed without a rank', async () => {
  expect(await compare('product_id=1')).toEqual([
    {
      product: { id: 1, name: 'חלב 3% 1 ליטר', barcode: '7290000000123' },
      store_count: 2,
      stale_stores: 1,
      observation_date: '2026-08-20',
      oldest_observation_date: '2026-08-20',
      shelf: {
        min: 6.5,
        max: 7.11,
        mean: 6.81,
        median: 6.81,
        spread: 0.61,
        spread_percent: 9.38,
        cheapest: [1],
      },
      with_promotions: {
        ...{
          min: 5.9,
          max: 7.11,
          mean: 6.51,
          median: 6.51,
          spread: 1.21,
          spread_percent: 20.51,
          cheapest: [1],
        },
        promoted_stores: 1,
      },
      stores: [
        {
          ...{
            rank: 1,
            rank_with_promotions: 1,
            store: JERUSALEM,
            price: 6.5,
            discount_price: 5.9,
          },
          ...{ observation_date: '2026-08-20', stale: false },
        },
        {
          ...{
            rank: 2,
            rank_with_promotions: 2,
            store: TEL_AVIV,
            price: 7.11,
            discount_price: null,
          },
          ...{ observation_date: '2026-08-20', stale: false },
        },
        {
          ...{
            rank: null,
            rank_with_promotions: null,
            store: UNNAMED,
            price: 5,
            discount_price: null,
          },
          ...{ observation_date: '2026-08-01', stale: true },
        },
      ],
    },
  ])
})

test('include_stale=true also compares stale stores', async () => {
  const [milk] = await compare('product_id=1&include_stale=true')
  expect(milk).toMatchObject({
    ...{
      store_count: 3,
      stale_stores: 0,
      observation_date: '2026-08-20',
      oldest_observation_date: '2026-08-01',
    },
    shelf: {
      min: 5,
      max: 7.11,
      mean: 6.2,
      median: 6.5,
      spread: 2.11,
      spread_percent: 42.2,
      cheapest: [3],
    },
    with_promotions: { min: 5, median: 5.9, cheapest: [3], promoted_stores: 1 },
  })
  expect(milk?.stores.map(({ rank, store }) => [rank, store.id])).toEqual([
    [1, 3],
    [2, 1],
    [3, 2],
  ])
})

test('a comparison with as_of uses the prices, promotions and stale stores of that time', async () => {
  const [before] = await compare('product_id=1&as_of=2026-08-08')
  expect(before).toMatchObject({
    store_count: 1,
    stale_stores: 0,
    observation_date: '2026-08-01',
    shelf: { min: 5 },
  })
  const [on] = await compare('product_id=1&as_of=2026-08-10')
  expect(on).toMatchObject({ store_count: 2, stale_stores: 1, shelf: { min: 6.9, max: 7.11 } })
  expect(on?.with_promotions).toMatchObject({ min: 5.9, promoted_stores: 1 })
  expect(on?.stores.map(({ observation_date }) => observation_date)).toEqual([
    '2026-08-09',
    '2026-08-10',
    '2026-08-01',
  ])
  const [long] = await compare('product_id=1&as_of=2020-01-01')
  expect(long).toMatchObject({
    store_count: 0,
    shelf: null,
    with_promotions: null,
    observation_date: null,
    stores: [],
  })
})

test.each([
  ['product_id=1,2&barcode=7290000000123', [1, 2]],
  ['barcode=007290000000456', [2]],
  ['product_id=99', []],
  ['', [1, 2, 3, 4, 5]],
  ['product_id=5&sort=product_id:desc', [5]],
])('a comparison with ?%s selects products', async (query, ids) => {
  expect((await compare(query)).map(({ product }) => product.id)).toEqual(ids)
})

test.each([
  ['city=תל אביב-יפו', [2]],
  ['city=3000', [1]],
  ['chain=rami', [2, 3]],
  ['chain_id=7290027600007', [1]],
  ['store_id=1,3', [1, 3]],
])('a comparison with &%s selects stores', async (filter, ids) => {
  expect((await compare(`product_id=1&${filter}`))[0]?.stores.map(({ store }) => store.id)).toEqual(
    ids,
  )
})

test('comparisons sort by spread or unit price; min_stores counts fresh stores only', async () => {
  const ids = async (query: string) => (await compare(query)).map(({ product }) => product.id)
  const bySpread = await compare('sort=spread:desc')
  expect(bySpread[0]).toMatchObject({ product: { id: 1 }, shelf: { spread: 0.61 } })
  expect(await ids('min_stores=2')).toEqual([1])
  expect(await ids('min_stores=3&include_stale=true')).toEqual([1])
  const rows = await api.data('/v1/products?sort=unit_price&per_page=100')
  expect(await ids('sort=unit_price')).toEqual(
    (rows as { id: number; current_price: unknown }[]).flatMap(({ id, current_price }) =>
      current_price === null ? [] : id,
    ),
  )
  await api.sql`update catalog.products set category = 'Not Goods' where id = 1`
  expect((await ids('sort=spread:desc')).includes(1)).toBe(false)
  expect(await ids('sort=spread:desc&product_id=1')).toEqual([1])
  expect(await ids('product_id=1')).toEqual([1])
  await api.sql`update catalog.products set category = 'Dairy' where id = 1`
})

test('in a CSV comparison nested values become columns, and stores one JSON column', async () => {
  const headers = { accept: 'text/csv' }
  const response = await api.ask(
    '/v1/analytics/price-comparison?product_id=2&fields=product,shelf,stores',
    { headers },
  )
  const [head, row] = (await response.text()).split('\r\n')
  expect(head).toStartWith('product.id,product.name,product.barcode,shelf.min,')
  expect(row).toInclude(',4.5,4.5,4.5,4.5,0,0,1,"{""rank"":1,')
})
