import { afterAll, beforeAll, expect, test } from 'bun:test'
import { bodyOf, startTestApi, type TestApi } from '../../../src/testing/test-app.ts'
import type { BasketOptimum } from './basket-responses.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const post = (body: object) =>
  api.ask('/v1/analytics/basket-optimize', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const optimize = async (body: object): Promise<BasketOptimum> =>
  (await bodyOf(await post(body))).data
const bought = ({ stores }: BasketOptimum) =>
  stores.map(({ store_id, items }) => [store_id, ...items.map(({ product_id }) => product_id)])

/**
 * Milk is 5.90 in store 1 and 7.11 in store 2; chips are in store 1 only, the tomatoes 4 in store 2
 * only.
 */
test('optimising a basket returns the split, its cost, and the savings of each further store', async () => {
  const basket = {
    items: [
      { product_id: 1, quantity: 2 },
      { product_id: 4, quantity: 0.5 },
    ],
    visit_cost: 1,
  }
  const data = await optimize(basket)
  expect(data).toMatchObject({
    basket_items: 2,
    date: '2026-08-20',
    store_count: 2,
    stale_stores: 1,
    max_stores: 3,
    visit_cost: 1,
    total_cost: 18.25,
    goods_cost: 16.25,
    visits_cost: 2,
    complete: true,
    missing: [],
    exact: true,
  })
  expect(bought(data)).toEqual([
    [1, 1],
    [2, 4],
  ])
  expect(data.stores[0]).toMatchObject({
    store_name: 'שלי ירושלים',
    cost: 11.8,
    shelf_cost: 13,
    promotions: [{ id: 1, description: 'חלב 3% ב 5.90', times: 2, quantity: 2, discount: 1.2 }],
  })
  const rest = { complete: true, missing: [] }
  expect(data.options).toEqual([
    // in store 2: the milk costs 14.22 and the tomatoes 4.45
    {
      max_stores: 1,
      store_ids: [2],
      total_cost: 19.67,
      goods_cost: 18.67,
      visits_cost: 1,
      saves: null,
      ...rest,
    },
    {
      max_stores: 2,
      store_ids: [1, 2],
      total_cost: 18.25,
      goods_cost: 16.25,
      visits_cost: 2,
      saves: 1.42,
      ...rest,
    },
    {
      max_stores: 3,
      store_ids: [1, 2],
      total_cost: 18.25,
      goods_cost: 16.25,
      visits_cost: 2,
      saves: 0,
      ...rest,
    },
  ])
  const near = await optimize({ ...basket, visit_cost: 3 })
  expect([bought(near), near.total_cost, near.options.map(({ saves }) => saves)]).toEqual([
    [[2, 1, 4]],
    21.67,
    [null, 0, 0],
  ])
})

test('a plan that buys more of the basket precedes a cheaper one', async () => {
  const data = await optimize({ products: [1, 2, 4, 5], max_stores: 2 })
  expect(bought(data)).toEqual([
    [1, 1, 2],
    [2, 4],
  ])
  expect([data.complete, data.missing, data.total_cost]).toEqual([false, [5], 19.3])
  expect(data.options.map(({ store_ids, missing, saves }) => [store_ids, missing, saves])).toEqual([
    [[1], [4, 5], null],
    [[1, 2], [5], null],
  ])
  const nothing = await optimize({ products: [5] })
  expect([nothing.stores, nothing.options, nothing.missing, nothing.total_cost]).toEqual([
    [],
    [],
    [5],
    0,
  ])
})

test('invalid optimisation requests are rejected', async () => {
  const refusal = async (body: object) => (await bodyOf(await post(body))).error
  expect((await refusal({ products: [99] })).code).toBe('PRODUCT_NOT_FOUND')
  expect((await refusal({ products: [1], max_stores: 4 })).message).toBe(
    'max_stores must be a whole number from 1 to 3',
  )
  expect((await refusal({ products: [1], visit_cost: 0.001 })).message).toBe(
    'visit_cost must have at most two decimals',
  )
})
