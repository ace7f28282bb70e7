import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { israelIso } from '../../src/israel-time.ts'
import { bodyOf, NOW, startTestApi, type TestApi } from '../../src/testing/test-app.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const LOADED = '2026-08-09T12:00:00+03:00'
const MILK = {
  id: 1,
  kaggle_product_id: '7290000000123',
  product_name: 'חלב 3% 1 ליטר',
  names: ['חלב 3% 1 ליטר', 'חלב טרי תנובה'],
  barcode: '7290000000123',
  manufacturer: 'תנובה',
  category: 'Dairy',
  subcategory: 'Milk',
  category_rule: 'חלב',
  unit_of_measure: 'liter',
  unit_quantity: 1,
  is_weighted: false,
  current_price: { min: 6.5, max: 7.11, avg: 6.81 },
  discount_price: 5.9,
  is_on_sale: true,
  store_count: 2,
  created_at: LOADED,
  updated_at: LOADED,
}
const JERUSALEM = {
  id: 1,
  kaggle_store_id: '7290027600007-413',
  store_name: 'שלי ירושלים',
  store_number: 413,
  chain_id: '7290027600007',
  chain_name: 'שופרסל',
  sub_chain: 'שופרסל שלי',
  store_type: 'physical',
  city: 'ירושלים',
  city_code: '3000',
  address: 'יפו 1',
  zip: '9414101',
  settlement: 'ירושלים',
  settlement_code: '3000',
  place_rule: 'city_code',
  vat_free: false,
  latitude: null,
  longitude: null,
  last_observed_at: '2026-08-20T03:00:00+03:00',
  stale: false,
  created_at: LOADED,
  updated_at: LOADED,
}

/** The ids in a list response. */
async function ids(path: string): Promise<unknown[]> {
  const rows = await api.data(path)
  return Array.isArray(rows) ? rows.map(({ id }) => id) : []
}

describe('chains', () => {
  test('chains are listed, and a single chain has its slugs and store count', async () => {
    const rami = {
      id: '7290058140886',
      name: 'רמי לוי',
      ...{ english_name: 'Rami Levy', site: 'https://www.rami-levy.co.il' },
      slugs: ['rami_levy', 'rami'],
      store_count: 2,
      last_observed_at: '2026-08-20T04:00:00+03:00',
      created_at: LOADED,
      updated_at: LOADED,
    }
    expect(await ids('/v1/chains')).toEqual(['7290027600007', '7290058140886'])
    expect(await ids('/v1/chains?sort=name')).toEqual(['7290058140886', '7290027600007'])
    expect(await api.data('/v1/chains/7290058140886')).toEqual(rami)
    const meta = {
      timestamp: israelIso(NOW),
      version: 'v1',
      generation: 4,
      last_observed_at: '2026-08-20T04:00:00+03:00',
    }
    expect(await bodyOf(await api.ask('/v1/chains/7290058140886'))).toEqual({ data: rami, meta })
  })
})

describe('stores', () => {
  test('a single store has all its fields', async () => {
    expect(await api.data('/v1/stores/1')).toEqual(JERUSALEM)
  })

  test('stores near a point are sorted by distance; stores without a location are excluded', async () => {
    const near = (query: string) =>
      api.data(`/v1/stores?near=32.08,34.78&fields=id,distance_km${query}`)
    expect(await near('')).toEqual([
      { id: 2, distance_km: 0.977 },
      { id: 1, distance_km: 53.072 },
    ])
    expect(await near('&radius_km=5')).toEqual([{ id: 2, distance_km: 0.977 }])
    expect(await near('&sort=distance_km:desc&per_page=1')).toMatchObject([{ id: 1 }])
    expect(await near('&vat_free=true')).toEqual([])
    expect(await ids('/v1/stores?vat_free=false')).toEqual([1, 2, 3])
    expect(await ids('/v1/prices?near=32.08,34.78&radius_km=5&fields=id')).toHaveLength(2)
    expect((await api.ask('/v1/stores?radius_km=5')).status).toBe(400)
    expect((await api.ask('/v1/stores?near=95,34.78')).status).toBe(400)
    expect(await ids('/v1/stores?sort=distance_km')).toEqual([1, 2, 3])
  })

  test('a store known only by its number has null fields and is stale', async () => {
    const unknown = {
      store_name: null,
      sub_chain: null,
      store_type: null,
      city: null,
      city_code: null,
      address: null,
      zip: null,
      ...{ settlement: null, settlement_code: null, place_rule: null },
    }
    const stale = { last_observed_at: '2026-08-01T03:00:00+03:00', stale: true }
    const own = {
      id: 3,
      kaggle_store_id: '7290058140886-2',
      store_number: 2,
      chain_id: '7290058140886',
      chain_name: 'רמי לוי',
    }
    expect(await api.data('/v1/stores/3')).toEqual({ ...JERUSALEM, ...unknown, ...stale, ...own })
  })

  test.each([
    ['', [1, 2, 3]],
    ['city=ירושלים', [1]],
    ['city=3000', [1]],
    ['city=תל אביב יפו', [2]],
    ['city=תל-אביב-יפו', [2]],
    ['city=אביב', []],
    ['chain=שופרסל', [1]],
    ['chain=רמי', [2, 3]],
    ['chain=rami_levy', [2, 3]],
    ['chain=RAMI', [2, 3]],
    ['chain=levy', [2, 3]],
    ['chain=rami%20שופרסל', []],
    ['q=levy תלפיות', [2]],
    ['chain_id=7290058140886', [2, 3]],
    ['chain_id=1', []],
    ['q=תלפ', [2]],
    ['q=לוי רמי', [2, 3]],
    ['q=!!', []],
    ['chain=rami&city=ירושלים', []],
    ['sort=last_observed_at:desc', [2, 1, 3]],
    ['sort=city:desc', [2, 1, 3]],
  ])('GET /v1/stores?%s lists the expected stores', async (query, expected) => {
    expect(await ids(`/v1/stores?${query}`)).toEqual(expected)
  })
})

test("an exact slug matches only its own chain, even if another chain's name begins with it", async () => {
  await api.sql`update catalog.chains set name = 'Rami Tov' where id = '7290027600007'`
  await api.sql`update core.generation set number = number + 1`
  expect(await ids('/v1/stores?chain=rami')).toEqual([2, 3])
  expect(await ids('/v1/stores?chain=ram')).toEqual([1, 2, 3])
  await api.sql`update catalog.chains set name = 'שופרסל' where id = '7290027600007'`
  await api.sql`update core.generation set number = number + 1`
})

describe('products', () => {
  test('a product is found by id and by barcode, also with leading zeros', async () => {
    expect(await api.data('/v1/products/1')).toEqual(MILK)
    expect(await api.data('/v1/products/barcode/7290000000123')).toEqual(MILK)
    expect(await api.data('/v1/products/barcode/0007290000000123')).toEqual(MILK)
  })

  test('the internal code of a chain is not a barcode', async () => {
    expect(await api.data('/v1/products/3?fields=kaggle_product_id,barcode,is_weighted')).toEqual({
      kaggle_product_id: '7290027600007-1048',
      barcode: null,
      is_weighted: true,
    })
    expect((await api.ask('/v1/products/barcode/1048')).status).toBe(404)
  })

  test('stale prices count only with include_stale', async () => {
    expect(await api.data('/v1/products/1?include_stale=true')).toEqual({
      ...MILK,
      current_price: { min: 5, max: 7.11, avg: 6.2 },
      store_count: 3,
    })
    expect(await ids('/v1/products?price_max=6')).toEqual([2])
    expect(await ids('/v1/products?price_max=6&include_stale=true')).toEqual([1, 2])
  })

  test('a product that no store sells now has no price', async () => {
    expect(await api.data('/v1/products/5?fields=current_price,store_count')).toEqual({
      current_price: null,
      store_count: 0,
    })
  })

  test.each([
    ['', [1, 2, 3, 4, 5]],
    ['barcode=7290000000456&barcode=07290000000123', [1, 2]],
    ['barcode=7290000000456,7290000000123,1', [1, 2]],
    ['barcode=1048', []],
    ['manufacturer=תנובה', [1, 5]],
    ['manufacturer=תנוב', []],
    ['chain_id=7290058140886', [1, 4]],
    ['category=Dairy', [1, 5]],
    ['category=Dairy&subcategory=Milk', [1]],
    ['subcategory=Vegetables', [3, 4]],
    ['category=Bakery', []],
    ['q=תנובה&category=Dairy&subcategory=Soft Cheese', [5]],
    ['price_min=6.5&price_max=9', [1, 4]],
    ['price_min=6.51', [3, 4]],
    ['sort=price:desc', [3, 4, 1, 2, 5]],
    ['sort=store_count:desc&sort=price', [1, 2, 4, 3, 5]],
    ['q=חלב', [1]],
    ['q=תנובה', [1, 5]],
    ['q=תנובה&sort=id:desc', [5, 1]],
    ['q=%D7%AA%D7%A0%D7%95 3%25', [1]],
    ['q=טרי חל', [1]],
    ["q=צ'יפס", [2]],
    ['q=ציפס', [2]],
    ['q=צ׳יפ', [2]],
    ['q=50 גרם', [2]],
    ['q=חָלָב', [1]],
    ["q=קוטג'", [5]],
    ['q=קוטג 5%25', [5]],
    ['q=7290000000456', [2]],
    ['q=07290000000456', [2]],
    ['q=729-0000-000456', [2]],
    ['q=עגבני', [3, 4]],
    ['q=!!', []],
    ['q=חלב עגבניות', []],
  ])('GET /v1/products?%s lists the expected products', async (query, expected) => {
    expect(await ids(`/v1/products?${query}`)).toEqual(expected)
    if (query.startsWith('q=')) expect(await ids(`/v1/products/search?${query}`)).toEqual(expected)
  })

  test('the product search uses its index', async () => {
    const plan = await api.sql.begin(async (tx) => {
      await tx`set local enable_seqscan = off`
      return tx`explain select from catalog.products p where p.search @@ ${"'חלב':*"}::tsquery`
    })
    expect(JSON.stringify(plan)).toContain('products_search')
  })

  test('categories are listed with their subcategories and product counts', async () => {
    const vegetables = { subcategory: 'Vegetables', product_count: 2 }
    const dairy = {
      category: 'Dairy',
      product_count: 2,
      subcategories: [
        { subcategory: 'Milk', product_count: 1 },
        { subcategory: 'Soft Cheese', product_count: 1 },
      ],
    }
    expect(await api.data('/v1/products/categories')).toEqual([
      dairy,
      { category: 'Fruit and Vegetables', product_count: 2, subcategories: [vegetables] },
      {
        category: 'Snacks',
        product_count: 1,
        subcategories: [{ subcategory: 'Salty Snacks', product_count: 1 }],
      },
    ])
    expect(
      await api.data('/v1/products/categories?sort=category:desc&fields=category&per_page=1'),
    ).toEqual([{ category: 'Snacks' }])
  })

  test('manufacturers are listed with their product counts', async () => {
    const tnuva = { manufacturer: 'תנובה', product_count: 2 }
    const osem = { manufacturer: 'אסם', product_count: 1 }
    expect(await api.data('/v1/products/manufacturers')).toEqual([tnuva, osem])
    expect(await api.data('/v1/products/manufacturers?sort=manufacturer')).toEqual([osem, tnuva])
    expect(await api.data('/v1/products/manufacturers?q=נוב')).toEqual([tnuva])
    expect(await api.data('/v1/products/manufacturers?q=%25')).toEqual([])
  })
})
