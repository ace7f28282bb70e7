import { afterAll, beforeAll, expect, test } from 'bun:test'
import { bodyOf, startTestApi, type TestApi } from '../../../src/testing/test-app.ts'

/**
 * `api` runs at noon of 20 August 2026; `later` at noon of the 26th, when the tomatoes of store 2
 * are on sale.
 */
let api: TestApi
let later: TestApi
beforeAll(async () => {
  ;[api, later] = await Promise.all([
    startTestApi(),
    startTestApi({ now: Date.parse('2026-08-26T12:00:00+03:00') }),
  ])
})
afterAll(() => Promise.all([api.close(), later.close()]))

async function ids(path: string, from = api): Promise<unknown[]> {
  const data = await from.data(path)
  return Array.isArray(data) ? data.map(({ id }) => id) : [data]
}

test('the list of promotions has each currently listed promotion once', async () => {
  expect(await ids('/v1/promotions')).toEqual([1, 2, 3, 5])
  expect(await ids('/v1/promotions?store_id=1')).toEqual([1, 2, 3])
  expect(await ids('/v1/promotions?chain_id=7290058140886')).toEqual([5])
  expect(await ids('/v1/promotions?product_id=2')).toEqual([2])
  expect(await ids('/v1/promotions?kind=percent_off')).toEqual([5])
  expect(await ids('/v1/promotions?sort=starts_at:desc&per_page=1')).toEqual([5])
})

test('promotions that have ended are listed only with include_ended', async () => {
  const ended = await startTestApi()
  try {
    await ended.sql`update pricing.promotion_terms set ends_at = '2026-08-19T20:59:00Z' where id in (1, 3)`
    expect(await ids('/v1/promotions', ended)).toEqual([2, 5])
    expect(await ids('/v1/promotions?include_ended=true', ended)).toEqual([1, 2, 3, 5])
  } finally {
    await ended.close()
  }
})

test('active_on lists the promotions that were listed and valid on that day', async () => {
  expect(await ids('/v1/promotions?active_on=2026-08-10')).toEqual([1, 2, 3, 4])
  expect(await ids('/v1/promotions?active_on=2026-08-12')).toEqual([1, 2, 3, 4])
  expect(await ids('/v1/promotions?active_on=2026-08-13')).toEqual([1, 2, 3])
  expect(await ids('/v1/promotions?active_on=2026-08-25')).toEqual([1, 2, 3, 5])
  expect(await ids('/v1/promotions?active_on=2026-09-01')).toEqual([])
  expect(await ids('/v1/promotions?active_on=2026-08-10&computable=false')).toEqual([4])
  const { error } = await bodyOf(await api.ask('/v1/promotions?active_on=2026-02-30'))
  expect([error.code, error.details[0].field]).toEqual(['VALIDATION_ERROR', 'active_on'])
})

test('the club filter lists the promotions of that club and those for everyone', async () => {
  expect(await ids('/v1/promotions?product_id=1&club=1')).toEqual([1, 3])
  expect(await ids('/v1/promotions?product_id=1&club=0')).toEqual([1])
  expect(await ids('/v1/promotions?coupon=true')).toEqual([])
})

test('the promotions of a product are listed; an unknown product returns 404', async () => {
  expect(await ids('/v1/products/1/promotions')).toEqual([1, 3])
  expect(await ids('/v1/products/2/promotions?active_on=2026-08-09')).toEqual([2, 4])
  expect((await api.ask('/v1/products/99/promotions')).status).toBe(404)
})

test('a single promotion has its terms, items and stores', async () => {
  expect(await api.data('/v1/promotions/4')).toEqual({
    id: 4,
    promotion_id: '1004',
    chain_id: '7290027600007',
    chain_name: 'שופרסל',
    description: 'קנה ציפס קבל מתנה',
    remark: null,
    kind: 'gift',
    computable: false,
    not_computable: 'a gift',
    described: 'agrees',
    difference: null,
    conditions_from: 'cells',
    condition_words: [],
    quantity: 1,
    price: null,
    amount_off: null,
    percent: null,
    max_quantity: null,
    min_basket: null,
    clubs: [],
    coupon: false,
    weekdays: null,
    starts_at: '2026-08-01T00:00:00+03:00',
    ends_at: '2026-08-31T23:59:00+03:00',
    product_count: 1,
    store_count: 0,
    products: [{ id: 2, name: "צ'יפס 50גרם", barcode: '7290000000456' }],
    unknown_codes: ['7290000000999'],
    gift_codes: [],
    store_ids: [],
  } as never)
  expect((await bodyOf(await api.ask('/v1/promotions/77'))).error.code).toBe('PROMOTION_NOT_FOUND')
})

test('sale prices and on_sale filters follow the day', async () => {
  const price = '/v1/prices?product_id=4&fields=price,discount_price,is_on_sale'
  expect(await api.data(price)).toEqual([{ price: 8.9, discount_price: null, is_on_sale: false }])
  expect(await later.data(price)).toEqual([{ price: 8.9, discount_price: 7.12, is_on_sale: true }])
  expect(await ids('/v1/prices?on_sale=true')).toEqual(['1-1-20260811T030000'])
  expect(await ids('/v1/prices?on_sale=true', later)).toEqual([
    '1-1-20260811T030000',
    '4-2-20260810T030000',
  ])
  expect(await ids('/v1/prices?on_sale=false&product_id=1')).toEqual([
    '1-2-20260810T030000',
    '1-3-20260801T030000',
  ])
  expect(await ids('/v1/products?on_sale=true')).toEqual([1])
  expect(await ids('/v1/products?on_sale=true', later)).toEqual([1, 4])
  expect(await ids('/v1/stores/2/products?on_sale=true', later)).toEqual([4])
  const tag = async (from: TestApi) =>
    (await from.ask('/v1/products?on_sale=true')).headers.get('etag')
  expect(await tag(api)).not.toBe(await tag(later))
})

test('a past price has the sale price of its last observation, or of the requested moment', async () => {
  const sales = async (path: string) => {
    const data = (await api.data(`${path}&fields=id,discount_price`)) as {
      id: string
      discount_price: number | null
    }[]
    return Object.fromEntries(data.map((row) => [row.id, row.discount_price]))
  }
  expect(await sales('/v1/prices?product_id=1&store_id=1&from=2026-08-01')).toEqual({
    '1-1-20260809T030000': 5.9,
    '1-1-20260811T030000': 5.9,
  })
  expect(await sales('/v1/prices?product_id=4&as_of=2026-08-24')).toEqual({
    '4-2-20260810T030000': null,
  })
  expect(await sales('/v1/prices?product_id=4&as_of=2026-08-25')).toEqual({
    '4-2-20260810T030000': 7.12,
  })
  expect(await sales('/v1/products/1/prices?granularity=day&store_id=3')).toEqual({
    '1-3-20260801T030000': null,
  })
  const refused = await bodyOf(await api.ask('/v1/prices?on_sale=true&as_of=2026-08-24'))
  expect(refused.error.details).toEqual([
    { field: 'on_sale', message: 'cannot be used with from, to or as_of' },
  ])
})

const cost = async (path: string) => (await api.data(path)) as Record<string, unknown>

test('the effective price of a quantity in a store includes its promotions', async () => {
  const milk = '/v1/products/1/effective-price?store_id=1'
  expect(await cost(milk)).toEqual({
    product: { id: 1, name: 'חלב 3% 1 ליטר', barcode: '7290000000123' },
    store: { id: 1, name: 'שלי ירושלים', chain: 'שופרסל', chain_id: '7290027600007' },
    date: '2026-08-20',
    quantity: 1,
    is_weighted: false,
    price: 6.5,
    shelf_total: 6.5,
    total: 5.9,
    savings: 0.6,
    promotion_savings: 0.6,
    promotions: [
      {
        id: 1,
        description: 'חלב 3% ב 5.90',
        times: 1,
        quantity: 1,
        savings: 0.6,
        promotion_savings: 0.6,
      },
    ],
    not_computed: [],
    exact: true,
  })
  expect(await cost(`${milk}&club=9,1&quantity=2`)).toMatchObject({
    total: 9.8,
    promotions: [{ id: 3, times: 2 }],
  })
  const chips = '/v1/products/2/effective-price?store_id=1'
  expect(await cost(`${chips}&quantity=1`)).toMatchObject({
    total: 4.5,
    savings: 0,
    promotions: [],
  })
  expect(await cost(`${chips}&quantity=3`)).toMatchObject({
    shelf_total: 13.5,
    total: 12.5,
    savings: 1,
  })
  expect(await cost('/v1/products/3/effective-price?store_id=1&quantity=0.75')).toMatchObject({
    total: 7.43,
  })
})

test('an effective price needs a store that sells the product, and whole units', async () => {
  const refusal = async (path: string) => (await bodyOf(await api.ask(path))).error
  expect((await refusal('/v1/products/5/effective-price?store_id=1')).code).toBe('PRICE_NOT_FOUND')
  expect((await refusal('/v1/products/1/effective-price?store_id=9')).code).toBe('STORE_NOT_FOUND')
  expect((await refusal('/v1/products/1/effective-price')).message).toBe('store_id is required')
  expect((await refusal('/v1/products/1/effective-price?store_id=1&quantity=1.5')).message).toBe(
    'quantity must be whole: the product is sold by the unit',
  )
})
