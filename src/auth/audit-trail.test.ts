import { afterAll, beforeAll, expect, test } from 'bun:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { connect } from '../db/connect.ts'
import { readEnv } from '../env.ts'
import { anonymous, noteCaller } from '../http/contract/caller.ts'
import { notePeer } from '../http/peer.ts'
import { bodyOf, startTestApi, type TestApi } from '../testing/test-app.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import type { AuditRow } from './audit-routes.ts'
import { createAuditTrail } from './audit-trail.ts'

let api: TestApi
let admin: { 'x-api-key': string }
let database: TestDatabase
beforeAll(async () => {
  ;[api, database] = await Promise.all([
    startTestApi({ settings: { TRUST_PROXY: '1' } }),
    createTestDatabase(),
  ])
  admin = await api.keyOf('admin')
})
afterAll(() => Promise.all([api.close(), database.drop()]))

/** The audit rows, sorted by status and route because the clock of these tests does not advance. */
function told(filter: string, isThere: (rows: AuditRow[]) => boolean): Promise<AuditRow[]> {
  return until(async () => {
    const { data } = await bodyOf(await api.ask(`/v1/auth/audit?${filter}`, { headers: admin }))
    return data.sort(
      (a: AuditRow, b: AuditRow) => a.status - b.status || (a.route < b.route ? -1 : 1),
    )
  }, isThere)
}

test('the audit row of a write has its key, route, target, address and status', async () => {
  const headers = {
    ...admin,
    'content-type': 'application/json',
    'x-forwarded-for': '1.1.1.1, 203.0.113.7',
  }
  const body = JSON.stringify({ name: 'board', role: 'reader' })
  const made = await api.ask('/v1/auth/keys', {
    method: 'POST',
    headers: { ...headers, 'x-request-id': 'r-1' },
    body,
  })
  const { id, key } = (await bodyOf(made)).data
  await api.ask(`/v1/auth/keys/${id}`, { method: 'DELETE', headers })
  await api.ask(`/v1/auth/keys/${key}`, { method: 'DELETE', headers })
  const rows = await told('address=203.0.113.7', ({ length }) => length === 3)
  const who = {
    key_id: admin['x-api-key'].slice(3, 15),
    key_name: "a test's admin",
    address: '203.0.113.7',
    count: 1,
  }
  expect(rows).toMatchObject([
    { ...who, method: 'POST', route: '/v1/auth/keys', target: id, status: 201, request_id: 'r-1' },
    { ...who, method: 'DELETE', route: '/v1/auth/keys/:id', target: id, status: 204 },
    { ...who, method: 'DELETE', route: '/v1/auth/keys/:id', target: `sz_${id}_…`, status: 400 },
  ])
  expect(JSON.stringify(rows)).not.toContain(key.slice(16))
})

test('identical refusals share one audit row, and reads are not audited', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.8', 'x-api-key': 'wrong' }
  for (let i = 0; i < 20; i++) await api.ask('/v1/chains?q=secret', { headers })
  await api.ask('/v1/auth/keys', { headers: { 'x-forwarded-for': '203.0.113.8' } })
  await api.ask('/v1/chains', { headers: { 'x-forwarded-for': '203.0.113.8' } })
  const rows = await told('address=203.0.113.8', ([, chains]) => chains?.count === 20)
  expect(rows.map(({ route, count, target, key_id }) => [route, count, target, key_id])).toEqual([
    ['/v1/auth/keys', 1, null, null],
    ['/v1/chains', 20, null, null],
  ])
})

test('a refusal for a missing role or an expired key names the key in the audit', async () => {
  const reader = await api.keyOf('reader')
  const id = reader['x-api-key'].slice(3, 15)
  await api.ask('/v1/auth/audit', { headers: reader })
  await api.ask(`/v1/auth/keys/${id}`, { method: 'DELETE', headers: admin })
  await api.ask('/v1/chains', { headers: reader })
  const rows = await told(`key_id=${id}`, ({ length }) => length === 2)
  expect(rows.map(({ status, route }) => [status, route])).toEqual([
    [401, '/v1/chains'],
    [403, '/v1/auth/audit'],
  ])
})

/** A separate audit trail, and a function that sends calls to it. */
function openTrail({ sql = database.sql, now = Date.now } = {}) {
  const trail = createAuditTrail(sql, {
    log: pino({ level: 'silent' }),
    env: { trustProxy: 0, auditDays: 30 },
    now,
  })
  return (address: string, { refused = true, keyId = null as string | null } = {}) => {
    const request = new Request('http://localhost/')
    notePeer(request, address)
    if (keyId !== null) noteCaller(request, { ...anonymous(address), keyId, by: 'key' })
    const status = refused ? 401 : 201
    trail({ request, method: 'GET', route: '/', target: null, status, requestId: 'r', refused })
  }
}

async function until<T>(read: () => Promise<T>, isThere: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 150; tries++) {
    const value = await read()
    if (isThere(value)) return value
    await sleep(20)
  }
  throw new Error('It was never there')
}

test('audit rows of anonymous callers are limited per hour, and every call is counted', async () => {
  const call = openTrail({ now: () => Date.parse('2026-08-20T12:00:30Z') })
  for (let i = 0; i < 3000; i++) call(`10.0.${i >> 8}.${i & 255}`)
  const read = () => database.sql<{ rows: number; calls: number; unknown: number }[]>`
    select count(*)::int as rows, sum(count)::int as calls, (sum(count) filter (where address is null))::int as unknown
    from auth.audit where at = '2026-08-20T12:00:30Z'`
  const [totals] = await until(read, ([row]) => row?.calls === 3000)
  expect(totals).toEqual({ rows: 601, calls: 3000, unknown: 2400 })
})

test('audit rows are deleted after AUDIT_DAYS days', async () => {
  const { sql } = database
  const insert = (at: Date) => sql`
    insert into auth.audit (id, at, method, route, status, request_id, count)
    values (gen_random_uuid(), ${at}, 'GET', '/', 401, 'old', 1)`
  const day = 86_400_000
  await insert(new Date(Date.now() - 31 * day))
  await insert(new Date(Date.now() - 29 * day))
  openTrail()('192.0.2.1', { refused: false, keyId: 'k' })
  const [{ count } = { count: 0 }] = await until(
    () => sql<{ count: number }[]>`select count(*)::int from auth.audit where request_id = 'old'`,
    ([row]) => row?.count === 1,
  )
  expect(count).toBe(1)
})

test('a refused call gets its refusal, not a server error, while the database is down', async () => {
  const sql = connect('postgres://nobody@127.0.0.1:1/nothing', { max: 1 })
  const app = createApp({
    sql,
    log: pino({ level: 'silent' }),
    env: readEnv({ RATE_LIMIT: 'off' }),
  })
  const ask = async (headers: Record<string, string>) =>
    (await app.handle(new Request('http://localhost/v1/auth/keys', { headers }))).status
  expect(await ask({})).toBe(401)
  expect(await ask({ 'x-api-key': 'wrong' })).toBe(401)
  // the key may be valid: this cannot be checked without the database
  expect(await ask(admin)).toBe(503)
  await sql.end({ timeout: 0 })
})

test('audit rows are written after the database is back', async () => {
  const call = openTrail()
  await database.sql`alter table auth.audit rename to away`
  call('192.0.2.9', { refused: false, keyId: 'k' })
  await sleep(100)
  await database.sql`alter table auth.away rename to audit`
  const rows = await until(
    () =>
      database.sql<{ key_id: string }[]>`select key_id from auth.audit where address = '192.0.2.9'`,
    ({ length }) => length > 0,
  )
  expect([...rows]).toEqual([{ key_id: 'k' }])
})
