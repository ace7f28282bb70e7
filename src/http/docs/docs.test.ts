import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import manifest from '../../../package.json' with { type: 'json' }
import { bodyOf, startTestApi, type TestApi } from '../../testing/test-app.ts'

let api: TestApi
type Json = Record<string, unknown>
type Operation = {
  summary: string
  operationId: string
  description?: string
  security?: Json[]
  tags: string[]
  parameters?: {
    name: string
    in: string
    required: boolean
    schema: Json
    description?: string
    example?: unknown
  }[]
  responses: Record<
    string,
    { description: string; content?: Record<string, { schema: Json; example?: unknown }> }
  >
}
let document: {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  security?: Json[]
  info: { version: string; description: string }
  servers: { url: string }[]
  components: {
    schemas: Record<string, Json>
    responses: Record<string, Json>
    securitySchemes: Json
  }
}
/** The operations of all paths and methods. */
let operations: [string, Operation][]
/** The GET operations. */
let reads: [string, Operation][]
let admin: Record<string, string>

beforeAll(async () => {
  api = await startTestApi()
  admin = await api.keyOf('admin')
  await api.sql`
    insert into auth.audit (id, at, method, route, status, request_id, count)
    values (gen_random_uuid(), now(), 'GET', '/v1/datasets', 401, 'r', 1)`
  document = await bodyOf(await api.ask('/docs/json'))
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.values(methods).map((operation) => [path, operation] as [string, Operation]),
  )
  reads = operations.filter(([path, operation]) => document.paths[path]?.get === operation)
})
afterAll(() => api.close())

test('every URL of the docs page works, and all are local', async () => {
  const page = await api.ask('/docs')
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const html = await page.text()
  const urls = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
  expect(urls).toHaveLength(4)
  for (const url of urls) {
    expect(url).toStartWith('/docs/assets/')
    const response = await api.ask(url)
    const bytes = await response.arrayBuffer()
    expect([url, response.status, bytes.byteLength > 50]).toEqual([url, 200, true])
    expect(response.headers.get('content-type')).toMatch(
      url.endsWith('css') ? /^text\/css/ : url.endsWith('js') ? /^text\/javascript/ : /^image\/png/,
    )
  }
  const css = await (await api.ask('/docs/assets/swagger-ui.css')).text()
  const elsewhere = [...css.matchAll(/url\((.{6})/g)].filter(
    (match) => !/^["']?data:/.test(match[1] ?? ''),
  )
  expect(elsewhere).toEqual([])
  const start = await (await api.ask('/docs/assets/start.js')).text()
  expect(start).toContain("url: '/docs/json'")
  expect(start).toContain('validatorUrl: null')
})

test('the OpenAPI document lists every route of the API', () => {
  expect(document.openapi).toBe('3.0.3')
  expect(Object.keys(document.paths).sort()).toEqual([
    '/health',
    '/health/live',
    '/health/ready',
    '/metrics',
    '/v1/analytics/basket-cost',
    '/v1/analytics/basket-optimize',
    '/v1/analytics/cheapest-stores',
    '/v1/analytics/custom-query',
    '/v1/analytics/deals',
    '/v1/analytics/price-changes',
    '/v1/analytics/price-comparison',
    '/v1/analytics/trends',
    '/v1/auth/audit',
    '/v1/auth/keys',
    '/v1/auth/keys/{id}',
    '/v1/auth/token',
    '/v1/chains',
    '/v1/chains/{id}',
    '/v1/datasets',
    '/v1/datasets/{id}',
    '/v1/ingestion/runs',
    '/v1/ingestion/runs/{id}',
    '/v1/ingestion/runs/{id}/rejects',
    '/v1/metadata/coverage',
    '/v1/metadata/datasets',
    '/v1/metadata/stats',
    '/v1/prices',
    '/v1/prices/trends',
    '/v1/prices/{id}',
    '/v1/products',
    '/v1/products/barcode/{code}',
    '/v1/products/categories',
    '/v1/products/manufacturers',
    '/v1/products/search',
    '/v1/products/{id}',
    '/v1/products/{id}/effective-price',
    '/v1/products/{id}/prices',
    '/v1/products/{id}/promotions',
    '/v1/products/{id}/stores',
    '/v1/promotions',
    '/v1/promotions/{id}',
    '/v1/stores',
    '/v1/stores/{id}',
    '/v1/stores/{id}/prices',
    '/v1/stores/{id}/products',
  ])
})

test('every operation has a summary, a unique id, an example and its errors', () => {
  expect(new Set(operations.map(([, { operationId }]) => operationId)).size).toBe(operations.length)
  for (const [path, { summary, tags, parameters = [], responses }] of operations) {
    expect([path, summary.length > 3, tags.length]).toEqual([path, true, 1])
    const well = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? ['none']
    if (well[0] !== '204')
      expect([path, Object.values(well[1]?.content ?? {})[0]?.example]).toEqual([
        path,
        expect.anything(),
      ])
    if (path.startsWith('/v1')) {
      expect([path, Object.keys(responses)]).toEqual([
        path,
        expect.arrayContaining(['400', '429', '500', '503']),
      ])
      if (path.includes('{'))
        expect([path, Object.keys(responses)]).toEqual([path, expect.arrayContaining(['404'])])
    }
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
    expect([
      path,
      parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name),
    ]).toEqual([path, inPath] as never)
    for (const parameter of parameters)
      expect(parameter.in === 'query' || parameter.required).toBe(true)
  }
})

test('operations with a role declare security, and the others only when AUTH_MODE is required', async () => {
  const keyOrToken = [{ apiKey: [] }, { bearer: [] }]
  expect(document.components.securitySchemes).toMatchObject({
    apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    bearer: { type: 'http', scheme: 'bearer' },
  })
  expect(document.security).toBeUndefined()
  const closed = await startTestApi({ settings: { AUTH_MODE: 'required' } })
  expect((await bodyOf(await closed.ask('/docs/json'))).security).toEqual(keyOrToken)
  await closed.close()
  const { post, get } = document.paths['/v1/auth/keys'] ?? {}
  expect([post?.security, get?.security]).toEqual([keyOrToken, keyOrToken])
  expect(post?.description).toEndWith('Needs the role `admin`.')
  expect(document.paths['/v1/auth/token']?.post?.security).toEqual([{ apiKey: [] }])
  expect(document.paths['/v1/products']?.get?.security).toBeUndefined()
  expect(document.paths['/health']?.get?.security).toEqual([])
})

test('all schemas are valid OpenAPI 3.0 with one type and valid references', () => {
  const types = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean'])
  const foreign = [
    'const',
    'anyOf',
    'examples',
    'patternProperties',
    '$id',
    'if',
    'exclusiveMinimum',
  ]
  let seen = 0
  const visit = (schema: Json, at: string): void => {
    seen++
    if ('$ref' in schema) {
      const name = String(schema.$ref).replace('#/components/schemas/', '')
      expect([at, name in document.components.schemas]).toEqual([at, true])
      return
    }
    expect([at, types.has(String(schema.type))]).toEqual([at, true])
    for (const key of foreign) expect([at, key in schema]).toEqual([at, false])
    if (schema.type === 'array') expect([at, typeof schema.items]).toEqual([at, 'object'])
    for (const [name, inner] of Object.entries(schema.properties ?? {}))
      visit(inner, `${at}.${name}`)
    if (schema.items !== undefined) visit(schema.items as Json, `${at}[]`)
  }
  for (const [name, schema] of Object.entries(document.components.schemas)) visit(schema, name)
  for (const [path, { parameters = [], responses }] of operations) {
    for (const { name, schema } of parameters) visit(schema, `${path}?${name}`)
    for (const { content = {} } of Object.values(responses))
      for (const { schema } of Object.values(content)) visit(schema, path)
  }
  expect(seen).toBeGreaterThan(300)
})

test('every number in a query has bounds, so that no value reaches the database out of range', () => {
  const unbounded = operations.flatMap(([path, { parameters = [] }]) =>
    (parameters as { name: string; schema: Record<string, unknown> }[])
      .filter(({ schema }) => schema.type === 'integer' || schema.type === 'number')
      .filter(({ schema }) => schema.minimum === undefined || schema.maximum === undefined)
      .map(({ name }) => `${path} ${name}`),
  )
  expect(unbounded).toEqual([])
})

test('every error reference points to a shared response, also on later requests', async () => {
  const { components } = await bodyOf(await api.ask('/docs/json'))
  expect(components).toEqual(document.components)
  const named = operations.flatMap(([, { responses }]) =>
    Object.values(responses).flatMap((response) =>
      '$ref' in response ? String(response.$ref).split('/').at(-1) : [],
    ),
  )
  expect(new Set(named)).toEqual(new Set(Object.keys(components.responses)))
})

test('the OpenAPI document equals docs/openapi.json (npm run generate writes it)', async () => {
  const reviewed = await readFile(
    fileURLToPath(new URL('../../../docs/openapi.json', import.meta.url).href),
    'utf8',
  )
  expect(document as object).toEqual(JSON.parse(reviewed))
})

test('parameter examples are accepted, and answer examples have the fields of real answers', async () => {
  for (const [path, { parameters = [], responses }] of reads) {
    if (!path.startsWith('/v1')) continue
    const url = parameters.reduce(
      (text, { name, example }) => text.replace(`{${name}}`, String(example)),
      path,
    )
    for (const { name, description = '', example, required } of parameters.filter(
      (parameter) => parameter.in === 'query',
    )) {
      const exampleIn = (text = '') => /For example `([^`]+)`/.exec(text)?.[1] ?? ''
      const given = required ? String(example) : exampleIn(description)
      if (name === 'cursor') continue
      const needed = parameters.filter(
        (other) =>
          other.in === 'query' &&
          other.name !== name &&
          (other.required || (name === 'radius_km' && other.name === 'near')),
      )
      const others = needed
        .map(
          (other) =>
            `${other.name}=${encodeURIComponent(String(other.example ?? exampleIn(other.description)))}&`,
        )
        .join('')
      const response = await api.ask(`${url}?${others}${name}=${encodeURIComponent(given)}`, {
        headers: admin,
      })
      expect([path, name, given, [200, 404].includes(response.status)]).toEqual([
        path,
        name,
        given,
        true,
      ])
    }
    const example = responses[200]?.content?.['application/json']?.example as Json
    const id = path.includes('chains') ? '7290027600007' : '1'
    const asked = path.endsWith('search')
      ? '?q=חלב'
      : path.endsWith('effective-price')
        ? '?store_id=1'
        : ''
    const real = path.replace('{id}', id).replace('{code}', '7290000000123') + asked
    const body = await bodyOf(await api.ask(real, { headers: admin }))
    if (body.error !== undefined || body.data.length === 0) continue
    expect([path, Object.keys(example)]).toEqual([path, Object.keys(body)])
    const [one, other] = [example.data, body.data].map((data) =>
      Object.keys(Array.isArray(data) ? data[0] : data),
    )
    expect([path, other]).toEqual([path, one])
  }
})

test('the OpenAPI document, package.json and / have the same version', async () => {
  const service = await bodyOf(await api.ask('/'))
  expect([document.info.version, service.version]).toEqual([manifest.version, manifest.version])
})

test('the Swagger UI has a filter box', async () => {
  expect(await (await api.ask('/docs/assets/start.js')).text()).toContain('filter: true')
})

describe('the generated sample', () => {
  test('sample data is marked in meta, a header, the OpenAPI document and /', async () => {
    const real = await api.ask('/v1/chains')
    expect([real.headers.get('x-sample-data'), (await bodyOf(real)).meta.sample]).toEqual([
      null,
      undefined,
    ])
    expect((await bodyOf(await api.ask('/'))).sample).toBe(false)
    const sample = await startTestApi()
    await sample.sql`update core.generation set number = number + 1, stats = stats || '{"sample": 1}'`
    const answer = await sample.ask('/v1/chains')
    expect([answer.headers.get('x-sample-data'), (await bodyOf(answer)).meta.sample]).toEqual([
      'true',
      true,
    ])
    const whole = await sample.ask('/v1/chains?format=csv')
    expect([whole.headers.get('x-sample-data'), whole.status]).toEqual(['true', 200])
    await whole.text()
    // routes that need no database know the generation after its notification
    const isTold = async () => (await bodyOf(await sample.ask('/'))).sample
    for (let tries = 0; tries < 100 && !(await isTold()); tries++) await Bun.sleep(20)
    expect(await isTold()).toBe(true)
    expect((await bodyOf(await sample.ask('/docs/json'))).info.description).toContain('invented')
    await sample.close()
  })
})

describe('behind a proxy with a path prefix', () => {
  test('the docs page, the OpenAPI document and the links use the path prefix', async () => {
    const proxied = await startTestApi({ settings: { TRUST_PROXY: '1' } })
    const ask = (path: string, prefix = '/zol') =>
      proxied.ask(path, { headers: { 'x-forwarded-prefix': prefix } })
    const html = await (await ask('/docs')).text()
    expect(html).toContain('src="/zol/docs/assets/start.js"')
    expect(html).not.toContain('"/docs')
    expect(await (await ask('/docs/assets/start.js')).text()).toContain("url: '/zol/docs/json'")
    expect((await bodyOf(await ask('/docs/json'))).servers).toEqual([{ url: '/zol/' }])
    const next = (await ask('/v1/products?per_page=1')).headers.get('link')
    expect(next).toMatch(/^<\/zol\/v1\/products\?per_page=1&cursor=[\w-]+>; rel="next"$/)
    for (const bad of ['/a"b', 'x', '//evil.example', '/a<b'])
      expect((await ask('/v1/products?per_page=1', bad)).headers.get('link')).toStartWith('</v1/')
    await proxied.close()
  })

  test('X-Forwarded-Prefix is ignored without a trusted proxy', async () => {
    const headers = { 'x-forwarded-prefix': '/zol' }
    const response = await api.ask('/v1/products?per_page=1', { headers })
    expect(response.headers.get('link')).toStartWith('</v1/products')
  })
})
