import { afterAll, beforeAll, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { CustomQuery } from '../../modules/analytics/index.ts'
import {
  COMPARISONS,
  DIMENSIONS,
  FIELDS,
} from '../../modules/analytics/queries/custom-query-schemas.ts'
import { bodyOf, startTestApi, type TestApi } from '../../src/testing/test-app.ts'
import {
  type DayPrice,
  type Names,
  readDayPrices,
  readNames,
  slowCustomQuery,
} from './slow-custom-query.ts'

let api: TestApi
let narrow: TestApi
let key: Record<string, string>
let prices: DayPrice[]
let names: Names
beforeAll(async () => {
  ;[api, narrow] = await Promise.all([
    startTestApi(),
    startTestApi({ settings: { CUSTOM_QUERY_COST: '1' } }),
  ])
  await api.sql`update catalog.products set category = 'Dairy', subcategory = 'Milk' where id = 1`
  await api.sql`update catalog.products set category = 'Dairy' where id = 5`
  await api.sql`update catalog.products set category = 'Vegetables' where id in (3, 4)`
  ;[prices, names, key] = await Promise.all([
    readDayPrices(api.sql),
    readNames(api.sql),
    api.keyOf('analyst'),
  ])
})
afterAll(() => Promise.all([api.close(), narrow.close()]))

async function post(
  body: unknown,
  headers: Record<string, string> = key,
  to = api,
): Promise<Response> {
  const init = {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  }
  return await to.ask('/v1/analytics/custom-query', init)
}
const MEAN = { as: 'mean_price', function: 'mean', field: 'price' } as const
const ALL = { from: '2026-08-01', to: '2026-08-20' }

test('a custom query returns measures by dimension, with names', async () => {
  const query = {
    ...ALL,
    measures: [MEAN, { as: 'days', function: 'count', field: 'day' }],
    dimensions: ['product'],
  }
  const body = await bodyOf(await post({ ...query, filters: { product: [1, 2] } }))
  expect(body.data).toEqual([
    { product_id: 1, product: 'חלב 3% 1 ליטר', mean_price: 6.77, days: 5 },
    { product_id: 2, product: "צ'יפס 50גרם", mean_price: 4.5, days: 3 },
  ])
  expect(body.pagination).toEqual({
    ...{ page: 1, per_page: 100, total: 2, total_pages: 1 },
    ...{ has_more: false, next_cursor: null },
  })
  const firstPage = await bodyOf(await post({ ...query, limit: 1 }))
  expect([firstPage.data.length, firstPage.pagination.total]).toEqual([1, 5])
  expect(firstPage.pagination).toMatchObject({ total_pages: 5, has_more: true })
  const last = await bodyOf(await post({ ...query, limit: 2, page: 3 }))
  expect(last.pagination).toMatchObject({ page: 3, per_page: 2, total: 5, has_more: false })
  expect(last.data).toHaveLength(1)
  const beyond = await bodyOf(await post({ ...query, limit: 2, page: 4 }))
  expect([beyond.data, beyond.pagination.total, beyond.pagination.has_more]).toEqual([[], 5, false])
})

test('a custom query as CSV has every column', async () => {
  const measures = [MEAN, { as: 'p90', function: 'percentile', field: 'price', percentile: 90 }]
  const query = { ...ALL, measures, dimensions: ['chain', 'month'], include_stale: true }
  const response = await post(query, { ...key, accept: 'text/csv' })
  expect((await response.text()).split('\r\n')).toEqual([
    'chain_id,chain,month,mean_price,p90',
    expect.stringMatching(/^7290027600007,שופרסל,2026-08,\d+\.\d+,9\.9$/),
    expect.stringMatching(/^7290058140886,רמי לוי,2026-08,\d+\.?\d*,8\.9$/),
    '',
  ])
})

test.each([
  [
    { measures: [{ ...MEAN, field: 'store' }] },
    'measures[0].field must be price or unit_price: store can only be counted',
  ],
  [
    { measures: [{ ...MEAN, field: 'name' }] },
    'measures[0].field must be one of price, unit_price, product, store, chain, day',
  ],
  [{ measures: [{ ...MEAN, function: 'percentile' }] }, 'measures[0].percentile is required'],
  [
    { measures: [MEAN, MEAN] },
    'measures[1].as must differ from other columns and dimensions: mean_price is taken',
  ],
  [
    { measures: [{ ...MEAN, as: 'chain_id' }], dimensions: ['chain'] },
    'measures[0].as must differ from',
  ],
  [{ measures: [MEAN], dimensions: ['day', 'day'] }, 'dimensions[1] is given twice'],
  [
    { measures: [MEAN], having: [{ column: 'x', is: '>', value: 1 }] },
    'having[0].column must be one of the measures',
  ],
  [{ measures: [MEAN], sort: [{ column: 'day' }] }, 'sort[0].column must be one of mean_price'],
  [{ measures: [] }, 'measures must be a list of 1 to 10 values'],
  [{ measures: [MEAN], filters: { shop: [1] } }, 'filters.shop is not a field of this body'],
  [{ measures: [MEAN], from: '2026-08-02', to: '2026-08-01' }, 'from must not be after to'],
  [
    { measures: [MEAN], from: '2020-08-02', to: '2026-08-01' },
    'from must be at most 730 days before to',
  ],
])(
  'an invalid query is rejected with an error that names the field: %j',
  async (query, message) => {
    const response = await post(query)
    const { error } = await bodyOf(response)
    expect([response.status, error.code, error.message]).toEqual([
      400,
      'VALIDATION_ERROR',
      expect.stringContaining(message),
    ])
  },
)

test('a custom query requires the role analyst and is rejected over the cost limit', async () => {
  expect((await post({ measures: [MEAN] }, {})).status).toBe(401)
  expect((await post({ measures: [MEAN] }, await api.keyOf('reader'))).status).toBe(403)
  const response = await post({ measures: [MEAN] }, await narrow.keyOf('analyst'), narrow)
  const { error } = await bodyOf(response)
  expect([response.status, error.code]).toEqual([422, 'QUERY_TOO_EXPENSIVE'])
  expect(error.message).toMatch(/^This query costs \d+\.\d times the limit: ask for fewer days/)
})

const column = fc.constantFrom('a', 'b', 'c')
const measure = fc
  .tuple(
    fc.constantFrom('count', 'min', 'max', 'mean', 'median', 'percentile', 'sum'),
    fc.constantFrom(...FIELDS),
  )
  .chain(([aggregation, field]) =>
    fc.record({
      function: fc.constant(aggregation),
      field: fc.constant(
        aggregation === 'count' ? field : field === 'unit_price' ? field : 'price',
      ),
      ...(aggregation === 'percentile' ? { percentile: fc.integer({ min: 1, max: 99 }) } : {}),
    }),
  )
const day = (min: number, max: number) =>
  fc.integer({ min, max }).map((date) => `2026-08-${String(date).padStart(2, '0')}`)
const some = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 })
const question = fc.record(
  {
    from: day(1, 10),
    to: day(10, 20),
    measures: fc
      .array(measure, { minLength: 1, maxLength: 3 })
      .map((measures) => measures.map((measure, i) => ({ as: 'abc'[i], ...measure }))),
    dimensions: fc.shuffledSubarray([...DIMENSIONS], { maxLength: 4 }),
    filters: fc
      .record(
        {
          chain: some('7290027600007', '7290058140886', '1'),
          store: some(1, 2, 3),
          category: some('Dairy', 'Vegetables', "' or true --"),
          manufacturer: some('תנובה', 'אסם'),
          product: some(1, 2, 3, 4, 5),
          price_min: fc.constantFrom(0, 4.5, 6.5),
          price_max: fc.constantFrom(6.9, 7.11, 100),
        },
        { requiredKeys: [] },
      )
      .map((filters) => Object.fromEntries(Object.entries(filters).slice(0, 2))),
    having: fc.array(
      fc.record({
        column,
        is: fc.constantFrom(...COMPARISONS),
        value: fc.constantFrom(0, 1, 2, 4.5, 6.9, 12.34),
      }),
      { maxLength: 1 },
    ),
    sort: fc.array(
      fc.record(
        { column, direction: fc.constantFrom('asc', 'desc') },
        { requiredKeys: ['column'] },
      ),
      {
        maxLength: 2,
      },
    ),
    limit: fc.constantFrom(1, 3, 1000),
    page: fc.constantFrom(1, 1, 2),
    include_stale: fc.boolean(),
  },
  { requiredKeys: ['from', 'to', 'measures'] },
)

test('random custom queries give the same rows as a slow evaluator', async () => {
  let [answered, rows] = [0, 0]
  await fc.assert(
    fc.asyncProperty(question, async (random) => {
      const columns = new Set(random.measures.map(({ as }) => as))
      const selected = <T extends { column: string }>(parts: T[] | undefined) =>
        parts?.filter((part) => columns.has(part.column))
      const query = JSON.parse(
        JSON.stringify({ ...random, having: selected(random.having), sort: selected(random.sort) }),
      )
      const response = await post(query)
      const body = await bodyOf(response)
      expect([response.status, body.error]).toEqual([200, undefined])
      expect(body.data).toEqual(slowCustomQuery(prices, names, query as CustomQuery))
      answered++
      rows += body.data.length
    }),
    { numRuns: 150, seed: 5 },
  )
  expect(answered).toBe(150)
  expect(rows).toBeGreaterThan(100)
}, 60_000)

test.each([
  ["'; drop table pricing.prices; --"],
  ['$1'],
  ['" or 1=1'],
  ['\\x27 union select * from auth.keys'],
])('SQL in a value of a custom query is not executed: %s', async (text) => {
  const filters = { category: [text], manufacturer: [text], city: [text] }
  const response = await post({ ...ALL, measures: [MEAN], dimensions: ['city'], filters })
  expect([response.status, (await bodyOf(response)).data]).toEqual([200, []])
  for (const place of [
    { measures: [{ ...MEAN, as: text }] },
    { measures: [MEAN], dimensions: [text] },
    { measures: [MEAN], sort: [{ column: text }] },
    { measures: [MEAN], having: [{ column: 'mean_price', is: text, value: 1 }] },
  ]) {
    expect((await post(place)).status).toBe(400)
  }
})

test('a read-only transaction with a read-only role cannot write', async () => {
  const refused = await api.sql
    .begin('read only', async (tx) => {
      await tx`select set_config('role', 'pg_read_all_data', true)`
      await tx`delete from pricing.prices`
    })
    .catch((error: Error) => error.message)
  expect(refused).toMatch(/permission denied|read-only transaction/)
})
