import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { bodyOf, startTestApi, type TestApi } from '../../../src/testing/test-app.ts'
import type { BasketCost } from './basket-responses.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const post = (body: object) =>
  api.ask('/v1/analytics/basket-cost', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const compare = async (body: object): Promise<BasketCost> => (await bodyOf(await post(body))).data
const totals = async (body: object) =>
  (await compare(body)).comparison.map(({ store_id, total_cost }) => [store_id, total_cost])
const refusal = async (body: object) => {
  const { error } = await bodyOf(await post(body))
  return [error.code, error.message]
}

const MILK = {
  product_id: 1,
  name: 'חלב 3% 1 ליטר',
  barcode: '7290000000123',
  quantity: 2,
  is_weighted: false,
}
const CHIPS = {
  product_id: 2,
  name: "צ'יפס 50גרם",
  barcode: '7290000000456',
  quantity: 3,
  is_weighted: false,
}

test('baskets are compared by store: complete ones first, with promotions and missing products', async () => {
  const body = {
    items: [
      { product_id: 1, quantity: 2 },
      { barcode: '07290000000456', quantity: 3 },
      { barcode: '99999999' },
    ],
  }
  expect(await compare(body)).toEqual({
    basket_items: 3,
    items: [MILK, CHIPS],
    unknown: ['99999999'],
    date: '2026-08-20',
    store_count: 2,
    stale_stores: 1,
    observation_date: '2026-08-20',
    oldest_observation_date: '2026-08-20',
    complete_stores: 1,
    comparison: [
      {
        rank: 1,
        store_id: 1,
        store_name: 'שלי ירושלים',
        chain_id: '7290027600007',
        chain_name: 'שופרסל',
        city: 'ירושלים',
        // the milk costs 2 × 5.90, the chips 8 for two and 4.50 for the third
        total_cost: 24.3,
        shelf_cost: 26.5,
        savings: 0,
        complete: true,
        coverage: 1,
        missing: [],
        items: [
          {
            product_id: 1,
            quantity: 2,
            price: 6.5,
            total: 11.8,
            promotions: [{ id: 1, quantity: 2, discount: 1.2 }],
          },
          {
            product_id: 2,
            quantity: 3,
            price: 4.5,
            total: 12.5,
            promotions: [{ id: 2, quantity: 2, discount: 1 }],
          },
        ],
        promotions: [
          { id: 1, description: 'חלב 3% ב 5.90', times: 2, quantity: 2, discount: 1.2 },
          { id: 2, description: 'ציפס 2 ב 8', times: 1, quantity: 2, discount: 1 },
        ],
        not_computed: [],
        exact: true,
        observation_date: '2026-08-20',
        stale: false,
      },
      {
        rank: null,
        store_id: 2,
        store_name: 'תלפיות',
        chain_id: '7290058140886',
        chain_name: 'רמי לוי',
        city: 'תל אביב-יפו',
        total_cost: 14.22,
        shelf_cost: 14.22,
        savings: null,
        complete: false,
        coverage: 0.5,
        missing: [2],
        items: [{ product_id: 1, quantity: 2, price: 7.11, total: 14.22, promotions: [] }],
        promotions: [],
        not_computed: [],
        exact: true,
        observation_date: '2026-08-20',
        stale: false,
      },
    ],
  })
})

test('savings are relative to the cheapest complete basket; stale stores need include_stale', async () => {
  const summaryOf = ({ comparison }: BasketCost) =>
    comparison.map(({ rank, store_id, total_cost, savings, stale }) => [
      rank,
      store_id,
      total_cost,
      savings,
      stale,
    ])
  expect(summaryOf(await compare({ products: [1] }))).toEqual([
    [1, 1, 5.9, 0, false],
    [2, 2, 7.11, -1.21, false],
  ])
  const all = await compare({ products: [1], include_stale: true })
  expect([summaryOf(all)[0], all.stale_stores, all.oldest_observation_date]).toEqual([
    [1, 3, 5, 0, true],
    0,
    '2026-08-01',
  ])
  expect(summaryOf(await compare({ products: [1], limit: 1 }))).toEqual([[1, 1, 5.9, 0, false]])
})

test('basket stores can be filtered by store ids, city and chain', async () => {
  expect(await totals({ products: [1], stores: [2] })).toEqual([[2, 7.11]])
  expect(await totals({ products: [1], stores: [1, 2], chain: 'rami' })).toEqual([[2, 7.11]])
  expect(await totals({ products: [1], city: 'ירושלים' })).toEqual([[1, 5.9]])
  expect(await totals({ products: [1], chain_id: '7290058140886' })).toEqual([[2, 7.11]])
  expect(await totals({ products: [1], city: 'אילת' })).toEqual([])
  expect((await compare({ products: [1], stores: [3] })).stale_stores).toBe(1)
})

test('a basket accepts weights and adds up repeated products', async () => {
  expect(await totals({ items: [{ product_id: 3, quantity: 0.755 }], stores: [1] })).toEqual([
    [1, 7.47],
  ])
  expect(await totals({ products: [2, 2], items: [{ product_id: 2 }], stores: [1] })).toEqual([
    [1, 12.5],
  ])
})

describe('shopper and date', () => {
  test('a club applies in every chain, or only in the chain named with it', async () => {
    expect(await totals({ products: [1], stores: [1], clubs: ['1'] })).toEqual([[1, 4.9]])
    expect(await totals({ products: [1], stores: [1], clubs: ['7290027600007:1'] })).toEqual([
      [1, 4.9],
    ])
    expect(await totals({ products: [1], stores: [1], clubs: ['7290058140886:1'] })).toEqual([
      [1, 5.9],
    ])
  })

  test('coupon promotions apply only with the coupon', async () => {
    const { sql } = api
    await sql`update pricing.promotion_terms set coupon = true where id = 1`
    expect(await totals({ products: [1], stores: [1] })).toEqual([[1, 6.5]])
    expect(await totals({ products: [1], stores: [1], coupon_ids: [2] })).toEqual([[1, 6.5]])
    expect(await totals({ products: [1], stores: [1], coupon_ids: [1] })).toEqual([[1, 5.9]])
    expect(await totals({ products: [1], stores: [1], coupons: true })).toEqual([[1, 5.9]])
    await sql`update pricing.promotion_terms set coupon = false where id = 1`
  })

  test('a basket on a past day uses the prices, promotions and fresh stores at the end of that day', async () => {
    expect(await totals({ products: [1], date: '2026-08-10' })).toEqual([
      [1, 5.9],
      [2, 7.11],
    ])
    expect(await totals({ products: [1, 2, 5], date: '2026-08-10' })).toEqual([
      [1, 15.95],
      [2, 7.11],
    ])
    const before = await compare({ products: [1], date: '2026-08-05' })
    expect([before.date, before.store_count, before.observation_date]).toEqual([
      '2026-08-05',
      1,
      '2026-08-01',
    ])
    const gift = await compare({ products: [2], stores: [1], date: '2026-08-09' })
    expect(gift.comparison[0]?.not_computed).toEqual([
      { id: 4, description: 'קנה ציפס קבל מתנה', reason: 'a gift', product_ids: [2] },
    ])
  })

  test('a basket on a future day uses the promotions of that day', async () => {
    expect(await totals({ products: [4], stores: [2] })).toEqual([[2, 8.9]])
    expect(await totals({ products: [4], stores: [2], date: '2026-08-25' })).toEqual([[2, 7.12]])
  })
})

test('GET prices a basket with one unit of each product', async () => {
  const data = (await api.data(
    '/v1/analytics/basket-cost?product_id=1,2,2&store_id=1',
  )) as BasketCost
  expect(data.comparison).toEqual((await compare({ products: [1, 2, 2], stores: [1] })).comparison)
  const club = (await api.data(
    '/v1/analytics/basket-cost?product_id=1&store_id=1,2&club=1&coupons=true',
  )) as BasketCost
  expect(club.comparison.map(({ total_cost }) => total_cost)).toEqual([4.9, 7.11])
  const chosen = await api.data(
    '/v1/analytics/basket-cost?product_id=1&city=ירושלים&fields=store_count,unknown',
  )
  expect(chosen).toEqual({ store_count: 1, unknown: [] })
})

test('invalid baskets are rejected with an error that names the field', async () => {
  expect(await refusal({ products: [1, 98, 99] })).toEqual([
    'PRODUCT_NOT_FOUND',
    'There is no product 98, 99',
  ])
  expect(await refusal({ items: [{ barcode: '99999999' }] })).toEqual([
    'PRODUCT_NOT_FOUND',
    'There is no product with the barcode 99999999',
  ])
  expect(await refusal({ products: [1], stores: [1, 77] })).toEqual([
    'STORE_NOT_FOUND',
    'There is no store 77',
  ])
  expect(await refusal({})).toEqual(['VALIDATION_ERROR', 'items must be 1 to 100 products'])
  expect(await refusal({ products: [1], items: [{ quantity: 2 }] })).toEqual([
    'VALIDATION_ERROR',
    'items[0] must have either product_id or barcode',
  ])
  expect(await refusal({ items: [{ product_id: 1, quantity: 1.5 }] })).toEqual([
    'VALIDATION_ERROR',
    'items[0].quantity must be whole: the product is sold by the unit',
  ])
  expect(await refusal({ items: [{ product_id: 3, quantity: 0.0015 }] })).toEqual([
    'VALIDATION_ERROR',
    'items[0].quantity must have at most three decimals',
  ])
  expect(
    await refusal({
      items: [
        { product_id: 3, quantity: 600 },
        { product_id: 3, quantity: 600 },
      ],
    }),
  ).toEqual(['VALIDATION_ERROR', 'items[1].quantity must be at most 1000 in all'])
  expect(await refusal({ items: [{ product_id: 3, quantity: 1001 }] })).toEqual([
    'VALIDATION_ERROR',
    'items[0].quantity must be a number from 0.001 to 1000',
  ])
  expect((await refusal({ products: [1], date: '2026-02-30' }))[1]).toStartWith(
    'date must be a date',
  )
})
