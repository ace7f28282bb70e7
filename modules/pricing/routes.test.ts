import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { bodyOf, startTestApi, type TestApi } from '../../src/testing/test-app.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const MILK_IN_JERUSALEM = {
  id: '1-1-20260811T030000',
  product: { id: 1, name: 'חלב 3% 1 ליטר', barcode: '7290000000123' },
  store: {
    id: 1,
    name: 'שלי ירושלים',
    chain: 'שופרסל',
    chain_id: '7290027600007',
    store_number: 413,
    city: 'ירושלים',
  },
  price: 6.5,
  discount_price: 5.9,
  is_on_sale: true,
  unit_price: { price: 6.5, per: 'liter' },
  valid_from: '2026-08-11T03:00:00+03:00',
  valid_to: null,
  observation_date: '2026-08-20',
  last_observed_at: '2026-08-20T03:00:00+03:00',
  stale: false,
  source_file: 'list-7',
}

type Row = {
  id: string
  price: number
  observation_date: string
  last_observed_at: string
  source_file: string
  stale: boolean
  store: { id: number }
}

async function rows(path: string): Promise<Row[]> {
  const data = await api.data(path)
  return Array.isArray(data) ? data : []
}
const ids = async (path: string) => (await rows(path)).map(({ id }) => id)

/** The ids of the current prices, by product and store. */
const NOW = [
  '1-1-20260811T030000',
  '1-2-20260810T030000',
  '1-3-20260801T030000',
  '2-1-20260812T030000',
  '3-1-20260809T030000',
  '4-2-20260810T030000',
]

describe('prices', () => {
  test('a price is complete in the list and by its id', async () => {
    expect((await rows('/v1/prices?per_page=1')).map(String)).toHaveLength(1)
    expect(await rows('/v1/prices?store_id=1&product_id=1')).toEqual([MILK_IN_JERUSALEM] as never)
    expect(await api.data('/v1/prices/1-1-20260811T030000')).toEqual(MILK_IN_JERUSALEM)
  })

  test('the last observation of an ended price is the last list before its end', async () => {
    expect(await api.data('/v1/prices/1-1-20260809T030000')).toEqual({
      ...MILK_IN_JERUSALEM,
      id: '1-1-20260809T030000',
      price: 6.9,
      discount_price: 5.9,
      is_on_sale: true,
      unit_price: { price: 6.9, per: 'liter' },
      valid_from: '2026-08-09T03:00:00+03:00',
      valid_to: '2026-08-11T03:00:00+03:00',
      observation_date: '2026-08-09',
      last_observed_at: '2026-08-09T03:00:00+03:00',
      source_file: 'list-1',
    })
  })

  test('stale prices are listed and marked as stale', async () => {
    const [price] = await rows('/v1/prices?store_id=3')
    expect([price?.price, price?.stale, price?.last_observed_at]).toEqual([
      5,
      true,
      '2026-08-01T03:00:00+03:00',
    ])
  })

  test('a delta observes only the products that it names', async () => {
    const seen = async (id: string) =>
      (await api.data(`/v1/prices/${id}?fields=source_file`)) as unknown
    await api.sql`update pricing.price_lists set kind = 'delta', product_ids = array[2] where id = 7`
    try {
      expect(await seen('2-1-20260812T030000')).toEqual({ source_file: 'list-7' })
      expect(await seen('1-1-20260811T030000')).toEqual({ source_file: 'list-6' })
    } finally {
      await api.sql`update pricing.price_lists set kind = 'full', product_ids = null where id = 7`
    }
  })

  test('a delta follows a full list of the same moment', async () => {
    await api.sql`insert into pricing.price_lists (id, store_id, observed_at, kind, file_name, sha256, content, rows, product_ids)
      values (92, 1, '2026-08-20T00:00:00Z', 'delta', 'list-0', 'x', 'x', 1, array[1])`
    expect(await api.data('/v1/prices/1-1-20260811T030000?fields=source_file')).toEqual({
      source_file: 'list-0',
    })
    await api.sql`delete from pricing.price_lists where file_name = 'list-0'`
  })

  test.each([
    ['', NOW],
    ['product_id=1', NOW.slice(0, 3)],
    ['product_id=1,4', [...NOW.slice(0, 3), '4-2-20260810T030000']],
    ['barcode=007290000000123&store_id=2', ['1-2-20260810T030000']],
    ['barcode=1048', []],
    ['code=1048', ['3-1-20260809T030000', '4-2-20260810T030000']],
    ['code=01048&chain_id=7290058140886', ['4-2-20260810T030000']],
    ['code=7290000000123', []],
    ['store_id=2', ['1-2-20260810T030000', '4-2-20260810T030000']],
    ['store_id=99', []],
    [
      'chain_id=7290058140886',
      ['1-2-20260810T030000', '1-3-20260801T030000', '4-2-20260810T030000'],
    ],
    ['store_number=413', ['1-1-20260811T030000', '2-1-20260812T030000', '3-1-20260809T030000']],
    ['city=תל אביב-יפו&product_id=1', ['1-2-20260810T030000']],
    ['category=Snacks', ['2-1-20260812T030000']],
    ['category=Snacks&subcategory=Bars', []],
    ['city=3000&product_id=1', ['1-1-20260811T030000']],
    ['price_min=6.5&price_max=7.11', ['1-1-20260811T030000', '1-2-20260810T030000']],
    ['price_min=6.51&price_max=7.1', []],
    [
      'sort=price:desc&store_id=1',
      ['3-1-20260809T030000', '1-1-20260811T030000', '2-1-20260812T030000'],
    ],
    ['max_age_days=7', NOW.filter((id) => !id.includes('-3-'))],
    ['max_age_days=0', ['1-2-20260810T030000', '4-2-20260810T030000']],
    ['max_age_days=19&store_id=3', ['1-3-20260801T030000'].slice(1)],
    ['max_age_days=20&store_id=3', ['1-3-20260801T030000']],
    [
      'as_of=2026-08-10T12:00:00&store_id=1',
      ['1-1-20260809T030000', '2-1-20260809T030000', '3-1-20260809T030000', '5-1-20260809T030000'],
    ],
    ['as_of=2026-08-11T03:00:00%2B03:00&product_id=1&store_id=1', ['1-1-20260811T030000']],
    ['as_of=2026-08-11T02:59:59 03:00&product_id=1&store_id=1', ['1-1-20260809T030000']],
    ['as_of=2026-08-10&product_id=2', ['2-1-20260809T030000']],
    ['as_of=2026-08-11&product_id=2', []],
    ['as_of=2026-08-08', ['1-3-20260801T030000']],
    ['from=2026-08-11T03:00:00&product_id=1&store_id=1', ['1-1-20260811T030000']],
    [
      'from=2026-08-11T02:59:59&product_id=1&store_id=1',
      ['1-1-20260809T030000', '1-1-20260811T030000'],
    ],
    ['to=2026-08-11T03:00:00&product_id=1&store_id=1', ['1-1-20260809T030000']],
    ['to=2026-08-11&product_id=1&store_id=1', ['1-1-20260809T030000', '1-1-20260811T030000']],
    ['from=2026-08-11T12:00:00&to=2026-08-11T13:00:00&product_id=2', []],
  ])('GET /v1/prices?%s lists the expected prices', async (query, expected) => {
    expect(await ids(`/v1/prices?${query}`)).toEqual(expected)
  })

  test('max_age_days compares an ended price by its last observation', async () => {
    expect(await ids('/v1/prices?from=2026-08-01&max_age_days=10&product_id=2')).toEqual(
      ['2-1-20260809T030000', '2-1-20260812T030000'].slice(1),
    )
    expect(await ids('/v1/prices?from=2026-08-01&max_age_days=11&product_id=2')).toEqual([
      '2-1-20260812T030000',
    ])
    expect(await ids('/v1/prices?from=2026-08-01&max_age_days=12&product_id=2')).toEqual([
      '2-1-20260809T030000',
      '2-1-20260812T030000',
    ])
  })
})

describe('the prices of a product over time', () => {
  test('the spans of a product are listed newest first', async () => {
    expect(await ids('/v1/products/1/prices')).toEqual([
      '1-1-20260811T030000',
      '1-2-20260810T030000',
      '1-1-20260809T030000',
      '1-3-20260801T030000',
    ])
    expect(await ids('/v1/products/1/prices?sort=valid_from:asc&store_id=1')).toEqual([
      '1-1-20260809T030000',
      '1-1-20260811T030000',
    ])
    expect(await ids('/v1/products/1/prices?chain_id=7290058140886')).toEqual([
      '1-2-20260810T030000',
      '1-3-20260801T030000',
    ])
    expect(await ids('/v1/products/1/prices?to=2026-08-09')).toEqual([
      '1-1-20260809T030000',
      '1-3-20260801T030000',
    ])
    expect(await rows('/v1/products/1/prices?per_page=1')).toEqual([MILK_IN_JERUSALEM] as never)
  })

  test('granularity=day has one row for each day on which a list names the product', async () => {
    const days = async (query: string) =>
      (await rows(`/v1/products/${query}`)).map((row) => [
        row.store.id,
        row.observation_date,
        row.price,
        row.source_file,
      ])
    expect(await days('1/prices?granularity=day&sort=store_id&sort=valid_from')).toEqual([
      [1, '2026-08-09', 6.9, 'list-1'],
      [1, '2026-08-11', 6.5, 'list-5'],
      [1, '2026-08-12', 6.5, 'list-6'],
      [1, '2026-08-20', 6.5, 'list-7'],
      [2, '2026-08-10', 7.11, 'list-2'],
      [2, '2026-08-20', 7.11, 'list-8'],
      [3, '2026-08-01', 5, 'list-3'],
    ])
    expect(await days('2/prices?granularity=day')).toEqual([
      [1, '2026-08-20', 4.5, 'list-7'],
      [1, '2026-08-12', 4.5, 'list-6'],
      [1, '2026-08-09', 4.5, 'list-1'],
    ])
    expect(await days('1/prices?granularity=day&store_id=1&from=2026-08-11&to=2026-08-12')).toEqual(
      [
        [1, '2026-08-12', 6.5, 'list-6'],
        [1, '2026-08-11', 6.5, 'list-5'],
      ],
    )
  })

  test('granularity=day ends a day at midnight in Israel, with its last price', async () => {
    await api.sql`insert into pricing.price_lists (id, store_id, observed_at, kind, file_name, sha256, content, rows, product_ids)
      values (90, 1, '2026-08-10T20:59:59Z', 'delta', 'before-midnight', 'a', 'a', 1, array[1]),
        (91, 1, '2026-08-10T21:00:00Z', 'delta', 'midnight', 'b', 'b', 1, array[1])`
    const days = await rows('/v1/products/1/prices?granularity=day&store_id=1&to=2026-08-11')
    expect(days.map((row) => [row.observation_date, row.price, row.source_file])).toEqual([
      ['2026-08-11', 6.5, 'list-5'],
      ['2026-08-10', 6.9, 'before-midnight'],
      ['2026-08-09', 6.9, 'list-1'],
    ])
    await api.sql`delete from pricing.price_lists where id in (90, 91)`
  })
})

describe('current offers', () => {
  test('the stores of a product are listed cheapest first, stale stores last', async () => {
    const stores = (await api.data('/v1/products/1/stores')) as {
      id: number
      price: number
      stale: boolean
    }[]
    expect(stores.map(({ id, price, stale }) => [id, price, stale])).toEqual([
      [1, 6.5, false],
      [2, 7.11, false],
      [3, 5, true],
    ])
    const offer = {
      price: 6.5,
      discount_price: 5.9,
      is_on_sale: true,
      unit_price: { price: 6.5, per: 'liter' },
      valid_from: '2026-08-11T03:00:00+03:00',
    }
    expect(stores[0]).toEqual({
      ...((await api.data('/v1/stores/1')) as object),
      ...offer,
    } as never)
    expect((await rows('/v1/products/1/stores?city=3000')).map(({ id }) => id)).toEqual([
      1,
    ] as never)
    expect((await rows('/v1/products/1/stores?chain=rami')).map(({ id }) => id)).toEqual([
      2, 3,
    ] as never)
    expect(await rows('/v1/products/5/stores')).toEqual([])
  })

  test('the current products of a store are listed', async () => {
    const products = (await api.data('/v1/stores/1/products')) as {
      id: number
      price: number
      unit_price: object
    }[]
    expect(products.map(({ id, price, unit_price }) => [id, price, unit_price])).toEqual([
      [1, 6.5, { price: 6.5, per: 'liter' }],
      [2, 4.5, { price: 9, per: '100g' }],
      [3, 9.9, { price: 9.9, per: 'kg' }],
    ])
    const offer = {
      price: 6.5,
      discount_price: 5.9,
      is_on_sale: true,
      unit_price: { price: 6.5, per: 'liter' },
      valid_from: '2026-08-11T03:00:00+03:00',
    }
    expect(products[0]).toEqual({
      ...((await api.data('/v1/products/1')) as object),
      ...offer,
    } as never)
    expect(
      (await rows('/v1/stores/1/products?price_min=5&sort=price:desc')).map(({ id }) => id),
    ).toEqual([3, 1] as never)
  })

  test('the current prices of a store are listed', async () => {
    expect(await ids('/v1/stores/1/prices')).toEqual([
      '1-1-20260811T030000',
      '2-1-20260812T030000',
      '3-1-20260809T030000',
    ])
    expect(await ids('/v1/stores/1/prices?as_of=2026-08-10T12:00&price_max=6')).toEqual([
      '2-1-20260809T030000',
      '5-1-20260809T030000',
    ])
    expect(await ids('/v1/stores/1/prices?from=2026-08-12T03:00&sort=price')).toEqual([
      '2-1-20260812T030000',
      '1-1-20260811T030000',
      '3-1-20260809T030000',
    ])
  })
})

describe('coverage', () => {
  const days = async (query: string) => {
    const rows = (await api.data(`/v1/metadata/coverage${query}`)) as {
      chain_id: string
      observation_date: string
    }[]
    return rows.map(({ chain_id, observation_date }) => `${observation_date} ${chain_id.slice(-4)}`)
  }

  test('coverage has a row for each chain and day, newest first', async () => {
    expect(await days('')).toEqual([
      '2026-08-20 0007',
      '2026-08-20 0886',
      '2026-08-12 0007',
      '2026-08-11 0007',
      '2026-08-10 0886',
      '2026-08-09 0007',
      '2026-08-01 0886',
    ])
    expect(await api.data('/v1/metadata/coverage?from=2026-08-11&to=2026-08-11')).toEqual([
      {
        chain_id: '7290027600007',
        chain: 'שופרסל',
        observation_date: '2026-08-11',
        stores: 1,
        full_stores: 0,
        items: 0,
        full_lists: 0,
        delta_lists: 2,
        promotions: 0,
        promotion_lists: 0,
        last_list_at: '2026-08-11T03:00:00+03:00',
      },
    ])
  })

  test('coverage can be filtered by chain and by days', async () => {
    expect(await days('?chain_id=7290058140886')).toEqual([
      '2026-08-20 0886',
      '2026-08-10 0886',
      '2026-08-01 0886',
    ])
    expect(await days('?from=2026-08-12T15:00:00&sort=chain_id:desc')).toEqual([
      '2026-08-20 0886',
      '2026-08-12 0007',
      '2026-08-20 0007',
    ])
    expect((await days('?sort=promotions:desc')).slice(0, 3)).toEqual([
      '2026-08-09 0007',
      '2026-08-10 0886',
      '2026-08-12 0007',
    ])
    expect(await days('?to=2026-08-09')).toEqual(['2026-08-09 0007', '2026-08-01 0886'])
    expect((await api.ask('/v1/metadata/coverage?from=2026-08-12&to=2026-08-11')).status).toBe(400)
  })

  test('coverage pages by cursor in ascending and descending order', async () => {
    for (const order of ['', '&sort=items:desc', '&sort=stores&sort=chain_id:desc']) {
      const whole = await days(`?per_page=100${order}`)
      const walked: string[] = []
      for (let cursor = ''; ; ) {
        const page = await bodyOf(
          await api.ask(`/v1/metadata/coverage?per_page=2${order}${cursor}`),
        )
        walked.push(
          ...page.data.map(
            (row: Record<string, string>) => `${row.observation_date} ${row.chain_id?.slice(-4)}`,
          ),
        )
        if (page.pagination.next_cursor === null) break
        cursor = `&cursor=${page.pagination.next_cursor}`
      }
      expect(walked).toEqual(whole)
    }
  })
})
