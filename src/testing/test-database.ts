import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { connect, type Sql } from '../db/connect.ts'
import { openEmbedded } from '../db/embedded.ts'
import { migrateUp, migrationsDigest } from '../db/migrate.ts'
import { readEnv } from '../env.ts'
import { openContainer } from './postgres-container.ts'

export interface TestDatabase {
  sql: Sql
  url: string
  /** Ends the pool and drops the database. */
  drop: () => Promise<void>
}

const FOLDER = fileURLToPath(new URL('../../.data/test', import.meta.url).href)
const PREFIX = 'super_zol_test_'
const TEMPLATES = 'super_zol_template_'
const KEPT_TEMPLATES = 3
const LOCK = 7_246_003

/**
 * The server of the tests: that of `TEST_DATABASE_URL`, one in a container with
 * `TEST_DATABASE=container`, or an embedded one in `.data/test` that is kept from run to run.
 * Whoever holds it open spares the tests its start.
 */
export async function openTestServer(): Promise<{ url: string; close: () => Promise<void> }> {
  const { TEST_DATABASE, TEST_DATABASE_URL } = process.env
  const { testDatabase, testDatabaseUrl } = readEnv({ TEST_DATABASE, TEST_DATABASE_URL })
  if (testDatabaseUrl !== '') return { url: testDatabaseUrl, close: async () => {} }
  if (testDatabase === 'container') return openContainer()
  return openEmbedded(FOLDER, { durable: false })
}

/**
 * A migrated database of its own for a test file: the clone of a template that is made once for a
 * state of the migrations (`{ migrated: false }`: an empty one). Test processes may run side by
 * side.
 */
export async function createTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const server = await openTestServer()
  const name = `${PREFIX}${randomBytes(8).toString('hex')}`
  // named after the database: while this connection is open, the database is in use
  const admin = connect(server.url, { max: 1, name })
  await dropLeftovers(admin)
  const template = migrated ? await findTemplate(admin, server.url) : 'template0'
  await admin`create database ${admin(name)} template ${admin(template)}`
  const url = withDatabase(server.url, name)
  const sql = connect(url)
  const drop = async () => {
    await sql.end({ timeout: 5 })
    await admin`drop database ${admin(name)} with (force)`
    await admin.end()
    await server.close()
  }
  return { sql, url, drop }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = name
  return url.href
}

/** Drops databases of killed runs and templates of earlier migrations. */
async function dropLeftovers(admin: Sql): Promise<void> {
  const unused = await admin<{ datname: string }[]>`
    select name.datname from pg_database as name
    where starts_with(name.datname, ${PREFIX})
      and not exists (select from pg_stat_activity as session where session.application_name = name.datname)
    union all
    (select datname from pg_database where starts_with(datname, ${TEMPLATES}) order by oid desc offset ${KEPT_TEMPLATES})`
  for (const { datname } of unused) {
    // another process may drop it too, or clone the template
    await admin`drop database if exists ${admin(datname)}`.catch(() => {})
  }
}

async function findTemplate(admin: Sql, server: string): Promise<string> {
  const name = `${TEMPLATES}${migrationsDigest().slice(0, 16)}`
  const find = () => admin`select from pg_database where datname = ${name}`
  if ((await find()).length > 0) return name
  await admin`select pg_advisory_lock(${LOCK})`
  try {
    if ((await find()).length === 0) await makeTemplate(admin, server, name)
  } finally {
    await admin`select pg_advisory_unlock(${LOCK})`
  }
  return name
}

/** Has a temporary name until it is whole, so that a killed run leaves no partial template. */
async function makeTemplate(admin: Sql, server: string, name: string): Promise<void> {
  const making = `${PREFIX}template`
  await admin`drop database if exists ${admin(making)} with (force)`
  await admin`create database ${admin(making)} template template0`
  const sql = connect(withDatabase(server, making), { max: 1, name: making })
  try {
    await migrateUp(sql)
  } finally {
    await sql.end()
  }
  await admin`alter database ${admin(making)} rename to ${admin(name)}`
}
