import { afterAll, beforeAll, expect, test } from 'bun:test'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { readEnv } from '../env.ts'
import { insertFixtures } from '../testing/fixtures.ts'
import { startOtlpReceiver } from '../testing/otlp-receiver.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { openTracer } from './tracing.ts'

const log = pino({ level: 'silent' })
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await insertFixtures(database.sql)
})
afterAll(() => database.drop())

/** Requests a path and returns the spans that the collector received. */
async function spansOf(
  paths: string[],
  { variables = {}, headers = {} }: { variables?: object; headers?: Record<string, string> },
) {
  const receiver = await startOtlpReceiver()
  const env = readEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.url}/`, ...variables })
  const tracer = openTracer(env, log)
  const app = createApp({ sql: database.sql, log, env, tracer })
  await Promise.all(
    paths.map((path) => app.handle(new Request(`http://localhost${path}`, { headers }))),
  )
  await tracer.close()
  await receiver.close()
  expect(new Set(receiver.asked)).toEqual(
    new Set(receiver.spans.length > 0 ? ['POST /v1/traces'] : []),
  )
  return receiver.spans
}

test('a request and its queries form one trace below the caller’s span', async () => {
  const headers = { traceparent: `00-${TRACE}-${SPAN}-01` }
  const spans = await spansOf(['/v1/products/1?fields=id'], { headers })
  const request = spans.find(({ kind }) => kind === 2)
  expect(request).toMatchObject({
    name: 'GET /v1/products/:id',
    traceId: TRACE,
    parentSpanId: SPAN,
    attributes: {
      'http.request.method': 'GET',
      'http.route': '/v1/products/:id',
      'http.response.status_code': 200,
      'url.path': '/v1/products/1',
    },
    resource: { 'service.name': 'super-zol' },
  })
  const queries = spans.filter(({ kind }) => kind === 3)
  expect(queries.length).toBeGreaterThan(0)
  for (const query of queries) {
    expect(query).toMatchObject({
      name: 'SELECT',
      traceId: TRACE,
      parentSpanId: request?.spanId ?? '',
    })
    expect(query.attributes['db.query.text']).toStartWith('select ')
  }
})

test('queries of concurrent requests belong to the span of their own request', async () => {
  const spans = await spansOf(['/v1/chains', '/v1/stores', '/v1/prices', '/v1/nothing'], {})
  const requests = spans.filter(({ kind }) => kind === 2)
  expect(requests.map(({ name }) => name).sort()).toEqual([
    'GET /v1/chains',
    'GET /v1/prices',
    'GET /v1/stores',
    'GET unknown',
  ])
  expect(new Set(requests.map(({ traceId }) => traceId)).size).toBe(4)
  for (const [name, table] of [
    ['GET /v1/chains', 'catalog.chains'],
    ['GET /v1/stores', 'catalog.stores'],
    ['GET /v1/prices', 'pricing.prices'],
  ]) {
    const { spanId } = requests.find((request) => request.name === name) ?? {}
    const texts = spans
      .filter(({ parentSpanId }) => parentSpanId === spanId)
      .map(({ attributes }) => String(attributes['db.query.text']))
    expect(texts.some((text) => text.includes(table ?? ''))).toBe(true)
  }
})

test('requests that the caller or the sampler excludes are not traced', async () => {
  expect(
    await spansOf(['/v1/chains'], { headers: { traceparent: `00-${TRACE}-${SPAN}-00` } }),
  ).toEqual([])
  const never = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }
  expect(await spansOf(['/v1/chains'], { variables: never })).toEqual([])
  const always = { OTEL_TRACES_SAMPLER: 'always_on' }
  const headers = { traceparent: `00-${TRACE}-${SPAN}-00` }
  expect((await spansOf(['/v1/chains'], { variables: always, headers })).length).toBeGreaterThan(1)
})

test('the span of a failed query shows the error without the values of the query', async () => {
  await database.sql`alter table catalog.chains rename to hidden_chains`
  const spans = await spansOf(['/v1/chains/12345'], {})
  await database.sql`alter table catalog.hidden_chains rename to chains`
  expect(spans.filter(({ status }) => status.code === 2).map(({ kind }) => kind)).toContain(2)
  expect(spans.filter(({ status }) => status.code === 2).map(({ kind }) => kind)).toContain(3)
  expect(JSON.stringify(spans.map(({ attributes }) => attributes['db.query.text']))).not.toContain(
    '12345',
  )
})

test('an unreachable collector delays no request', async () => {
  const env = readEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
  const tracer = openTracer(env, log)
  const app = createApp({ sql: database.sql, log, env, tracer })
  expect((await app.handle(new Request('http://localhost/v1/chains'))).status).toBe(200)
  const began = performance.now()
  await tracer.close()
  expect(performance.now() - began).toBeLessThan(4000)
})
