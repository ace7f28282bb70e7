import { afterAll, beforeAll, expect, test } from 'bun:test'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import type { Sql } from '../db/connect.ts'
import { readEnv } from '../env.ts'
import { notePeer } from '../http/peer.ts'
import { insertFixtures } from '../testing/fixtures.ts'
import { createTestDatabase } from '../testing/test-database.ts'

const lines: Record<string, unknown>[] = []
let sql: Sql
let close: () => Promise<void>
let app: ReturnType<typeof createApp>
beforeAll(async () => {
  const database = await createTestDatabase()
  sql = database.sql
  close = database.drop
  await insertFixtures(sql)
  const to = new Writable({
    write(line, _, done) {
      lines.push(JSON.parse(String(line)))
      done()
    },
  })
  const silent = pino({ level: 'silent' })
  app = createApp({
    sql,
    log: silent,
    env: readEnv({}),
    requestLog: pino({ base: null, level: 'debug' }, to),
  })
})
afterAll(() => close())

/** Sends a request and returns its log line. */
async function lineOf(path: string, init?: RequestInit) {
  const request = new Request(`http://localhost${path}`, init)
  notePeer(request, '192.0.2.7')
  const response = await app.fetch(request)
  await response.arrayBuffer()
  return lines.at(-1)
}

async function figures(): Promise<Map<string, number>> {
  const text = await (await app.handle(new Request('http://localhost/metrics'))).text()
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    samples.map((line) => [line.replace(/ \S+$/, ''), Number(line.replace(/^.* /, ''))]),
  )
}

test('each request gives one log line without its query string or credentials', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  const line = await lineOf('/v1/products/1?fields=id', {
    headers: { 'x-request-id': 'mine', traceparent },
  })
  expect(line).toMatchObject({
    level: 30,
    requestId: 'mine',
    method: 'GET',
    route: '/v1/products/:id',
    status: 200,
    caller: 'anonymous',
    address: '192.0.2.7',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    bytes: expect.any(Number),
    msg: 'answered',
  })
  expect(line?.ms).toBeGreaterThan(0)
  expect(JSON.stringify(line)).not.toContain('fields')
})

test('the level of a request log line depends on the outcome', async () => {
  expect(await lineOf('/health/ready')).toMatchObject({ level: 20, route: '/health/ready' })
  expect(await lineOf('/v1/products/99999')).toMatchObject({
    level: 40,
    status: 404,
    route: '/v1/products/:id',
  })
  expect(await lineOf('/v1/products?price_min=x')).toMatchObject({
    level: 40,
    status: 400,
    route: '/v1/products',
  })
  expect(await lineOf('/secret/path')).toMatchObject({
    level: 40,
    status: 404,
    route: 'unknown',
    address: '192.0.2.7',
  })
  await sql`alter table catalog.chains rename to hidden_chains`
  expect(await lineOf('/v1/chains')).toMatchObject({ level: 50, status: 500, route: '/v1/chains' })
  await sql`alter table catalog.hidden_chains rename to chains`
})

test('an invalid traceparent header is ignored', async () => {
  for (const traceparent of [
    '',
    'x',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    '00-4BF92F-00f067aa0ba902b7-01',
  ]) {
    expect((await lineOf('/v1/chains', { headers: { traceparent } }))?.traceId).toBeUndefined()
  }
})

test('request metrics have the route pattern and the status, not the path', async () => {
  const before = await figures()
  for (const path of ['/v1/products/1', '/v1/products/2', '/v1/nothing', '/v1/nothing-else'])
    await lineOf(path)
  await lineOf('/v1/products', { method: 'PROPFIND' })
  const after = await figures()
  const more = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0)
  expect(
    more('super_zol_http_requests_total{method="GET",route="/v1/products/:id",status="200"}'),
  ).toBe(2)
  expect(more('super_zol_http_requests_total{method="GET",route="unknown",status="404"}')).toBe(2)
  expect(more('super_zol_http_requests_total{method="other",route="unknown",status="405"}')).toBe(1)
  const duration = (what: string) => `super_zol_http_request_duration_seconds_${what}`
  expect(more(duration('count{method="GET",route="/v1/products/:id"}'))).toBe(2)
  expect(more(duration('bucket{method="GET",route="/v1/products/:id",le="+Inf"}'))).toBe(2)
  expect(after.get('super_zol_http_requests_in_flight')).toBe(1)
})

test('metrics include queries, the dataset and the newest run', async () => {
  const before = await figures()
  await lineOf('/v1/chains/7290027600007')
  await sql`insert into ingestion.runs (status, trigger, finished_at, summary) values ('failed', 'test', '2026-08-20T09:00Z',
    '{"versions": [{"lists_ahead": 2}, {"lists_ahead": 1}, {}]}')`
  const after = await figures()
  const count = 'super_zol_database_query_duration_seconds_count'
  expect(after.get(count)).toBeGreaterThan(before.get(count) ?? 0)
  expect(after.get('super_zol_dataset_generation')).toBeGreaterThan(0)
  expect(after.get('super_zol_dataset_rows{of="products"}')).toBeGreaterThan(0)
  expect(after.get('super_zol_dataset_observed_timestamp_seconds')).toBeGreaterThan(1.7e9)
  expect(after.get('super_zol_ingestion_status{status="failed"}')).toBe(1)
  expect(after.get('super_zol_ingestion_future_lists')).toBe(3)
  expect(after.get('super_zol_ingestion_last_timestamp_seconds{status="failed"}')).toBe(
    Date.parse('2026-08-20T09:00Z') / 1000,
  )
  await lineOf('/v1/chains/7290027600007')
  const again = await figures()
  const fromMemory = 'super_zol_cache_answers_total{from="memory"}'
  expect((again.get(fromMemory) ?? 0) - (after.get(fromMemory) ?? 0)).toBe(1)
  expect(after.get('super_zol_database_pool{of="size"}')).toBeGreaterThan(0)
  expect(after.get('super_zol_exports{of="taken"}')).toBe(0)
  expect(after.get('super_zol_database_up')).toBe(1)
  expect(after.get('super_zol_rate_limit_calls_total{result="allowed"}')).toBeGreaterThan(0)
})
