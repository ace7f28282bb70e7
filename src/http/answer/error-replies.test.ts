import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { pino } from 'pino'
import { createApp } from '../../app.ts'
import { connect } from '../../db/connect.ts'
import { readEnv } from '../../env.ts'
import { bodyOf, startTestApi, type TestApi } from '../../testing/test-app.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

async function refused(path: string, init?: RequestInit) {
  const response = await api.ask(path, init)
  const { error } = await bodyOf(response)
  expect(response.status).toBe(error.status)
  return error
}

const SORT_WORDS =
  'must be one of id, name, price, unit_price, store_count, manufacturer, updated_at, each alone or followed by :asc or :desc'

describe('errors', () => {
  test('errors have one JSON structure', async () => {
    const response = await api.ask('/v1/products/99', { headers: { 'x-request-id': 'abc-1' } })
    const { error } = await bodyOf(response)
    expect(error).toEqual({
      code: 'PRODUCT_NOT_FOUND',
      message: 'There is no product 99',
      status: 404,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[23]:00$/),
      request_id: 'abc-1',
    })
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('etag')).toBeNull()
  })

  test.each([
    ['/v1/chains/1', 'CHAIN_NOT_FOUND'],
    ['/v1/stores/99', 'STORE_NOT_FOUND'],
    ['/v1/stores/99/prices', 'STORE_NOT_FOUND'],
    ['/v1/stores/99/products', 'STORE_NOT_FOUND'],
    ['/v1/products/99/prices', 'PRODUCT_NOT_FOUND'],
    ['/v1/products/99/stores', 'PRODUCT_NOT_FOUND'],
    ['/v1/products/barcode/99', 'PRODUCT_NOT_FOUND'],
    ['/v1/prices/1-1-20200101T000000', 'PRICE_NOT_FOUND'],
    ['/v1/ingestion/runs/99', 'RUN_NOT_FOUND'],
    ['/v1/ingestion/runs/99/rejects', 'RUN_NOT_FOUND'],
    ['/v1/nothing', 'NOT_FOUND'],
    ['/v1', 'NOT_FOUND'],
    ['//v1/chains', 'NOT_FOUND'],
    ['/docs/assets/..%2Fpackage.json', 'NOT_FOUND'],
  ])('%s is %s', async (path, code) => {
    expect((await refused(path)).code).toBe(code)
  })

  test.each([
    ['/v1/products?zzz=1', 'zzz', 'is an unknown query parameter'],
    ['/v1/products?__proto__=1', '__proto__', 'is an unknown query parameter'],
    ['/v1/metadata/stats?q=1', 'q', 'is an unknown query parameter'],
    ['/v1/products?per_page=101', 'per_page', 'must be a whole number from 1 to 100'],
    ['/v1/products?per_page=0', 'per_page', 'must be a whole number from 1 to 100'],
    ['/v1/products?page=0x10', 'page', 'must be a whole number from 1 to 1000000'],
    ['/v1/products?page=1.5', 'page', 'must be a whole number from 1 to 1000000'],
    ['/v1/products?page=', 'page', 'must be a whole number from 1 to 1000000'],
    ['/v1/products?page=1&page=2', 'page', 'is given more than once'],
    ['/v1/products?price_min=Infinity', 'price_min', 'must be a number from 0 to 1000000'],
    ['/v1/products?price_max=-1', 'price_max', 'must be a number from 0 to 1000000'],
    ['/v1/products?include_stale=1', 'include_stale', 'must be true or false'],
    ['/v1/products?barcode=1,x', 'barcode', 'must be a text such as 7290000000123'],
    ['/v1/products?q=%00', 'q', 'must be percent-encoded UTF-8 without NUL bytes'],
    ['/v1/products?q=a%FF', 'q', 'must be percent-encoded UTF-8 without NUL bytes'],
    ['/v1/products/%E0%A4%A', 'path', 'must be percent-encoded UTF-8 without NUL bytes'],
    ['/v1/products?sort=color', 'sort', SORT_WORDS],
    ['/v1/products?sort=-price', 'sort', SORT_WORDS],
    ['/v1/products?sort=name:up', 'sort', SORT_WORDS],
    [
      '/v1/products?fields=id,color',
      'fields',
      expect.stringContaining('must be one of id, kaggle_product_id, '),
    ],
    ['/v1/products?cursor=abc', 'cursor', 'must be the next_cursor of the same query'],
    ['/v1/products/search', 'q', 'is required'],
    ['/v1/products/abc', 'id', 'must be a whole number from 1 to 2147483647'],
    ['/v1/products/99999999999', 'id', 'must be a whole number from 1 to 2147483647'],
    ['/v1/products/0', 'id', 'must be a whole number from 1 to 2147483647'],
    ['/v1/products/1/prices?granularity=week', 'granularity', 'must be one of span, day'],
    [
      '/v1/products/1/prices?from=yesterday',
      'from',
      expect.stringContaining('must be a date or a moment'),
    ],
    ['/v1/prices?as_of=2026-02-30', 'as_of', expect.stringContaining('must be a date or a moment')],
    ['/v1/prices?as_of=2026-02-20&to=2026-02-21', 'as_of', 'cannot be used with from or to'],
    ['/v1/prices?from=2026-02-22&to=2026-02-21', 'from', 'must be before to'],
    ['/v1/prices/1-2', 'id', 'must be a text such as 1234-456-20260809T030000'],
  ])('%s names %s', async (path, field, message) => {
    const error = await refused(path)
    expect(error.code).toBe('VALIDATION_ERROR')
    expect(error.details).toEqual([{ field, message }])
    expect(error.message).toContain(field)
  })

  test('one error lists all invalid parameters', async () => {
    const { details } = await refused('/v1/prices?zzz=1&page=0&city=')
    expect(details.map(({ field }: { field: string }) => field)).toEqual(['zzz', 'page', 'city'])
  })

  test('an unsupported method gets 405 with the Allow header', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const response = await api.ask('/v1/products/1', { method })
      expect([method, response.status, response.headers.get('allow')]).toEqual([
        method,
        405,
        'GET, HEAD, OPTIONS',
      ])
      expect((await bodyOf(response)).error.code).toBe('METHOD_NOT_ALLOWED')
    }
    expect((await refused('/v1/nothing', { method: 'POST' })).code).toBe('NOT_FOUND')
  })

  test('OPTIONS returns the allowed methods, and HEAD the headers of GET', async () => {
    const options = await api.ask('/v1/products', { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow'), await options.text()]).toEqual([
      204,
      'GET, HEAD, OPTIONS',
      '',
    ])
    expect((await refused('/v1/nothing', { method: 'OPTIONS' })).code).toBe('NOT_FOUND')
    const head = await api.ask('/v1/products', { method: 'HEAD' })
    const get = await api.ask('/v1/products')
    expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([
      200,
      '',
      get.headers.get('etag'),
    ])
    expect((await api.ask('/v1/products/99', { method: 'HEAD' })).status).toBe(404)
  })

  test('a valid request id is kept, and an invalid or missing one is replaced', async () => {
    const idFor = async (id: string) =>
      (await api.ask('/v1/chains', { headers: { 'x-request-id': id } })).headers.get('x-request-id')
    expect(await idFor('trace:1.2_3-4')).toBe('trace:1.2_3-4')
    expect(await idFor('a b')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await idFor('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/)
    expect((await api.ask('/nothing')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('a URL that is too long returns 414', async () => {
    const response = await api.ask(`/v1/products?q=${'a'.repeat(8192)}`)
    const { error } = await bodyOf(response)
    expect([response.status, error.code]).toEqual([414, 'URI_TOO_LONG'])
    expect(error.request_id).toBe(response.headers.get('x-request-id'))
  })

  test('an internal error does not reveal details', async () => {
    await api.sql`alter table catalog.chains rename to hidden_chains`
    try {
      const response = await api.ask('/v1/chains')
      const text = await response.text()
      expect(response.status).toBe(500)
      expect(JSON.parse(text).error).toMatchObject({
        code: 'INTERNAL_ERROR',
        message: 'Something went wrong on our side',
      })
      expect(text).not.toMatch(/catalog|chains|relation|\.ts/)
    } finally {
      await api.sql`alter table catalog.hidden_chains rename to chains`
    }
  })
})

test('a database that never answered gives 503 everywhere except /health/live', async () => {
  const sql = connect('postgres://nobody@127.0.0.1:1/nothing')
  const app = createApp({ sql, log: pino({ level: 'silent' }), env: readEnv({}) })
  const ask = async (path: string) => app.handle(new Request(`http://localhost${path}`))
  const refused = await ask('/v1/chains')
  const body = await refused.text()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
  expect(JSON.parse(body).error.code).toBe('DATABASE_UNAVAILABLE')
  expect(body).not.toContain('127.0.0.1')
  const ready = await ask('/health/ready')
  expect([ready.status, await bodyOf(ready)]).toEqual([
    503,
    { status: 'unavailable', database: false, redis: null },
  ])
  const live = await ask('/health/live')
  expect([live.status, await bodyOf(live)]).toEqual([200, { status: 'live' }])
  await sql.end()
})

test('/health and /health/ready report ready when the database answers', async () => {
  for (const path of ['/health', '/health/ready']) {
    expect(await bodyOf(await api.ask(path))).toEqual({
      status: 'ready',
      database: true,
      redis: null,
    })
  }
})
