import { afterAll, beforeAll, expect, test } from 'bun:test'
import { pino } from 'pino'
import { runIngest, startIngest } from '../../modules/ingestion/testing/command.ts'
import { type Bench, fullLists, item, openBench } from '../../modules/ingestion/testing/ingest.ts'
import { stopBefore } from '../../modules/ingestion/testing/stops.ts'
import { createApp } from '../app.ts'
import { readEnv } from '../env.ts'
import { bodyOf } from '../testing/test-app.ts'
import { connect, type Sql } from './connect.ts'

let bench: Bench
let sql: Sql
let ask: (path: string, headers?: Record<string, string>) => Promise<Response>
beforeAll(async () => {
  bench = await openBench()
  sql = connect(bench.url)
  const app = createApp({ sql, log: pino({ level: 'silent' }), env: readEnv({}) })
  ask = async (path, headers = {}) =>
    app.handle(new Request(`http://localhost${path}`, { headers }))
})
afterAll(async () => {
  await sql.end({ timeout: 1 })
  await bench.close()
})

/** A dataset version with the given number of stores. */
function write(day: number, stores: number): Promise<string> {
  const lists = Array.from({ length: stores }, (_, i) => ({
    store: String(i + 1),
    at: `2026050${day}0300`,
    rows: [item('101', String(day))],
  }))
  return bench.write(`2026-05-0${day}`, { 'price_full_file_x.csv': fullLists(lists) })
}

/**
 * Values from the per-generation cache of the server (a total, the store index) and from the
 * tables.
 */
async function shown() {
  const [stores, prices] = await Promise.all([ask('/v1/stores'), ask('/v1/prices?code=101')])
  const { data, pagination, meta } = await bodyOf(prices)
  return {
    generation: meta.generation,
    stores: (await bodyOf(stores)).pagination.total,
    total: pagination.total,
    prices: data.map((row: { price: number }) => row.price),
  }
}

/**
 * Waits until the server knows the new generation: a 304 answer comes from memory, without the
 * database.
 */
async function untilItHears(tag: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if ((await ask('/v1/stores', { 'if-none-match': tag })).status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('Cannot wait any longer: the server has not heard of the new generation')
}

async function tagOfStores(): Promise<string> {
  const tag = (await ask('/v1/stores')).headers.get('etag') ?? ''
  expect((await ask('/v1/stores', { 'if-none-match': tag })).status).toBe(304)
  return tag
}

test('a publish of another process invalidates the cache of the server', async () => {
  expect(await shown()).toEqual({ generation: 0, stores: 0, total: 0, prices: [] })
  const tag = await tagOfStores()
  expect((await runIngest(bench.url, [await write(1, 1)])).code).toBe(0)
  await untilItHears(tag)
  expect(await shown()).toEqual({ generation: 1, stores: 1, total: 1, prices: [1] })
})

test('the server sees a publish that happened while its LISTEN connection was cut', async () => {
  const before = await shown()
  const tag = await tagOfStores()
  const stop = await stopBefore(bench.url, 'core.outbox')
  const { ended } = startIngest(bench.url, [await write(2, 2)])
  await stop.reached()
  const cut = await bench.sql`
    select pg_terminate_backend(pid) as cut from pg_stat_activity
    where datname = current_database() and query ilike 'listen %'`
  expect([...cut]).toEqual([{ cut: true }])
  expect(await shown()).toEqual(before)
  await stop.release()
  expect((await ended).code).toBe(0)
  await untilItHears(tag)
  expect(await shown()).toEqual({
    generation: before.generation + 1,
    stores: 2,
    total: 2,
    prices: [2, 2],
  })
})
