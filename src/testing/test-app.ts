import { pino } from 'pino'
import { computeStoreIndexes, packSpans } from '../../modules/pricing/index.ts'
import { createApp } from '../app.ts'
import { createKey } from '../auth/keys.ts'
import type { Sql } from '../db/connect.ts'
import { readEnv } from '../env.ts'
import type { Role } from '../http/contract/caller.ts'
import { insertFixtures } from './fixtures.ts'
import { createTestDatabase } from './test-database.ts'

export type TestApi = {
  sql: Sql
  /** Sends a request to the app without a socket. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** The header of a new API key with that role. */
  keyOf(role: Role): Promise<{ 'x-api-key': string }>
  /** The `data` of a 200 answer. */
  data(path: string): Promise<unknown>
  close(): Promise<void>
}

/** Noon of 20 August 2026 in Israel. */
export const NOW = Date.parse('2026-08-20T12:00:00+03:00')

/** The app over a new database with the fixtures. */
export async function startTestApi({
  now = NOW,
  settings = {},
}: {
  now?: number
  settings?: Record<string, string>
} = {}): Promise<TestApi> {
  const { sql, drop } = await createTestDatabase()
  await insertFixtures(sql)
  await sql.begin(async (tx) => {
    await tx`create temp table changed_products on commit drop as select distinct product_id from pricing.prices`
    await packSpans(tx)
    await computeStoreIndexes(tx, new Date('2026-08-13T01:00:00Z'))
  })
  const app = createApp({
    sql,
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    env: readEnv({ RATE_LIMIT: 'off', CACHE_MB: '0', ...settings }),
    now: () => now,
  })
  const ask = async (path: string, init?: RequestInit) =>
    app.handle(new Request(`http://localhost${path}`, init))
  const data = async (path: string) => {
    const response = await ask(path)
    const body = await response.text()
    if (response.status !== 200) throw new Error(`Cannot ask ${path}: ${body}`)
    return JSON.parse(body).data
  }
  const keyOf = async (role: Role) => {
    const { text } = await createKey(sql, {
      name: `a test's ${role}`,
      role,
      expiresAt: null,
      now: new Date(now),
    })
    return { 'x-api-key': text }
  }
  return { sql, ask, keyOf, data, close: drop }
}

/** The body of a response, typed by the test. */
export async function bodyOf(response: Response) {
  return JSON.parse(await response.text())
}
