import { afterAll, beforeAll, expect, test } from 'bun:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { connect } from '../db/connect.ts'
import { readEnv } from '../env.ts'
import { type Gate, gateTo } from '../testing/connection-gate.ts'
import { insertFixtures } from '../testing/fixtures.ts'
import { bodyOf } from '../testing/test-app.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'

let database: TestDatabase
let gate: Gate
let ask: (path: string, headers?: Record<string, string>) => Promise<Response>
let end: () => Promise<void>

beforeAll(async () => {
  database = await createTestDatabase()
  await insertFixtures(database.sql)
  gate = await gateTo(database.url)
  const sql = connect(gate.url)
  const app = createApp({
    sql,
    log: pino({ level: 'silent' }),
    env: readEnv({ RATE_LIMIT: 'off' }),
  })
  ask = async (path, headers = {}) =>
    app.handle(new Request(`http://localhost${path}`, { headers }))
  end = () => sql.end({ timeout: 1 })
})
afterAll(async () => {
  await end()
  gate.cut()
  await database.drop()
})

async function health(path: string) {
  const response = await ask(path)
  return [response.status, (await bodyOf(response)).status]
}

test('during a database outage cached answers are marked stale and the replica stays ready', async () => {
  // answers are cached once the generation is known
  await ask('/v1/chains')
  await sleep(200)
  const cached = await ask('/v1/chains')
  const body = await bodyOf(cached)
  const etag = cached.headers.get('etag') ?? ''
  expect([cached.headers.get('warning'), cached.headers.get('age')]).toEqual([null, null])

  gate.cut()
  const missing = await ask('/v1/stores')
  expect([missing.status, (await bodyOf(missing)).error.code]).toEqual([
    503,
    'DATABASE_UNAVAILABLE',
  ])
  expect(missing.headers.get('retry-after')).toBe('5')
  await sleep(1100)
  const stale = await ask('/v1/chains')
  expect([stale.status, stale.headers.get('warning')]).toEqual([200, '110 - "Response is Stale"'])
  expect(Number(stale.headers.get('age'))).toBeWithin(1, 30)
  expect(await bodyOf(stale)).toEqual(body)
  const unchanged = await ask('/v1/chains', { 'if-none-match': etag })
  expect([unchanged.status, unchanged.headers.get('warning')]).toEqual([
    304,
    '110 - "Response is Stale"',
  ])
  expect((await ask('/v1/chains?page=0')).status).toBe(400)
  expect((await ask('/v1/ingestion/runs')).status).toBe(503)
  expect(await health('/health')).toEqual([503, 'degraded'])
  expect(await health('/health/ready')).toEqual([200, 'degraded'])
  expect(await health('/health/live')).toEqual([200, 'live'])

  await gate.open()
  await sleep(600)
  expect((await ask('/v1/chains')).headers.get('warning')).toBeNull()
  expect((await ask('/v1/stores')).status).toBe(200)
  expect(await health('/health')).toEqual([200, 'ready'])
})
