import { afterAll, beforeAll, expect, test } from 'bun:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { connect, type Sql } from '../db/connect.ts'
import { readEnv } from '../env.ts'
import { observeQueries } from '../telemetry/observe-queries.ts'
import { bodyOf } from '../testing/test-app.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { createKeyring } from './keyring.ts'
import { createKey } from './keys.ts'

const log = pino({ level: 'silent' })
const MINUTE = 60_000

let database: TestDatabase
let other: Sql
beforeAll(async () => {
  database = await createTestDatabase()
  other = connect(database.url)
})
afterAll(async () => {
  await other.end()
  await database.drop()
})

const make = () =>
  createKey(database.sql, { name: 'k', role: 'admin', expiresAt: null, now: new Date() })

/** A keyring, and the texts of its queries. */
function openKeyring(options: { now?: () => number; trustedMs?: number } = {}) {
  const asked: string[] = []
  const sql = observeQueries(database.sql, (text) => {
    asked.push(text.trim().slice(0, 6))
    return () => {}
  })
  return { asked, keyring: createKeyring(sql, { log, now: Date.now, ...options }) }
}

test('concurrent calls with one key, known or unknown, need one query', async () => {
  const { keyring, asked } = openKeyring()
  const { row } = await make()
  await sleep(50)
  for (const id of [row.id, '000000000000']) {
    asked.length = 0
    await Promise.all(Array.from({ length: 50 }, () => keyring.find(id)))
    await keyring.find(id)
    expect(asked).toEqual(['select'])
  }
})

test('without a notification, a changed key is read again after trustedMs', async () => {
  const { keyring } = openKeyring({ trustedMs: 60 })
  const { row } = await make()
  expect((await keyring.find(row.id))?.revoked_at).toBeNull()
  await other`update auth.keys set revoked_at = now() where id = ${row.id}`
  await sleep(100)
  expect((await keyring.find(row.id))?.revoked_at).toBeInstanceOf(Date)
})

test('the last use of a key is written at most once a minute across all processes', async () => {
  let clock = Date.parse('2026-08-20T12:00:00Z')
  const [one, two] = [openKeyring({ now: () => clock }), openKeyring({ now: () => clock })]
  const { row } = await make()
  const use = async ({ keyring }: typeof one) => {
    const key = await keyring.find(row.id)
    if (key !== null) keyring.use(key)
  }
  const lastUse = async () => {
    await sleep(30)
    const [kept] = await other`select last_used_at, xmin::text from auth.keys where id = ${row.id}`
    return kept
  }
  for (let i = 0; i < 20; i++) await use(one)
  const first = await lastUse()
  expect(first?.last_used_at).toEqual(new Date(clock))
  expect(one.asked.filter((text) => text === 'update')).toHaveLength(1)
  clock += MINUTE / 2
  await use(one)
  await use(two)
  expect(await lastUse()).toEqual(first)
  clock += MINUTE / 2
  await use(two)
  expect((await lastUse())?.last_used_at).toEqual(new Date(clock))
})

test('replicas accept each other’s tokens, and a key revoked in one is refused by the other', async () => {
  const env = readEnv({ AUTH_MODE: 'required', RATE_LIMIT: 'off' })
  const replicas = [database.sql, other].map((sql) => createApp({ sql, log, env }))
  const { text, row } = await make()
  const ask = async (replica: number, path: string, init: RequestInit) =>
    (await replicas[replica]?.handle(new Request(`http://localhost${path}`, init))) ??
    new Response()
  const headers = { 'x-api-key': text }

  const { data } = await bodyOf(await ask(0, '/v1/auth/token', { method: 'POST', headers }))
  expect(data).toMatchObject({ token_type: 'Bearer', expires_in: 900 })
  const bearer = { authorization: `Bearer ${data.access_token}` }
  for (const sent of [headers, bearer])
    expect((await ask(1, '/v1/chains', { headers: sent })).status).toBe(200)

  expect((await ask(0, `/v1/auth/keys/${row.id}`, { method: 'DELETE', headers })).status).toBe(204)
  expect((await ask(0, '/v1/chains', { headers })).status).toBe(401)
  const began = performance.now()
  while ((await ask(1, '/v1/chains', { headers })).status === 200) await sleep(5)
  expect(performance.now() - began).toBeLessThan(2000)
  for (const sent of [headers, bearer]) {
    expect((await bodyOf(await ask(1, '/v1/chains', { headers: sent }))).error.code).toBe(
      'API_KEY_REVOKED',
    )
  }
})
