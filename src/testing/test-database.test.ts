import { afterAll, beforeAll, expect, test } from 'bun:test'
import { connect, type Sql } from '../db/connect.ts'
import { createTestDatabase, openTestServer } from './test-database.ts'

let server: Awaited<ReturnType<typeof openTestServer>>
let admin: Sql
beforeAll(async () => {
  server = await openTestServer()
  admin = connect(server.url, { max: 1 })
})
afterAll(async () => {
  await admin.end()
  await server.close()
})

async function exists(url: string): Promise<boolean> {
  const found =
    await admin`select from pg_database where datname = ${new URL(url).pathname.slice(1)}`
  return found.length === 1
}

test('a test database is migrated, isolated, and gone when dropped', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()])
  await one.sql`update core.generation set number = 7`
  const rows = await other.sql<{ number: string }[]>`select number from core.generation`
  expect(rows.map(({ number }) => number)).toEqual(['0'])
  await one.drop()
  await other.drop()
  expect([await exists(one.url), await exists(other.url)]).toEqual([false, false])
})

test('databases of killed runs are dropped by the next one, databases in use are not', async () => {
  const left = 'super_zol_test_left_by_a_killed_run'
  await admin`create database ${admin(left)}`
  const used = await createTestDatabase({ migrated: false })
  const next = await createTestDatabase({ migrated: false })
  expect(await exists(`postgres://host/${left}`)).toBe(false)
  expect(await exists(used.url)).toBe(true)
  await used.drop()
  await next.drop()
})
