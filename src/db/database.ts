import type { Env } from '../env.ts'
import type { Logger } from '../log.ts'
import { hasCluster } from './cluster.ts'
import { connect, type Sql } from './connect.ts'
import { type Embedded, openEmbedded } from './embedded.ts'

export interface Database {
  sql: Sql
  url: string
  /** Closes the pool. The last process that uses an embedded server stops it. */
  close: () => Promise<void>
}

const NAME = 'super_zol'
/** The oldest supported major version of PostgreSQL, needed for `nulls not distinct`. */
const MIN_MAJOR_VERSION = 15

/** Pool limits: its size, and the time limit of a statement. */
type Limits = { max?: number; statementMs?: number }
/** With `mustExist` no embedded server is created, for commands that only read. */
type Options = Limits & { mustExist?: boolean }

/**
 * Opens the configured database: `DATABASE_URL`, or an embedded PostgreSQL in `DATA_DIR`. Does not
 * migrate.
 * @throws Error that says why the server cannot be used
 */
export async function openDatabase(
  env: Pick<Env, 'databaseUrl' | 'dataDir'>,
  log: Logger,
  { mustExist = false, ...limits }: Options = {},
): Promise<Database> {
  if (env.databaseUrl !== '') return openGiven(env.databaseUrl, limits)
  if (mustExist && !hasCluster(env.dataDir))
    throw new Error(
      `Cannot find a database: DATABASE_URL is not set, and DATA_DIR=${env.dataDir} has none; npm start creates one there`,
    )
  const before = performance.now()
  const embedded = await openEmbedded(env.dataDir)
  log.debug(
    { dataDir: env.dataDir, ms: Math.round(performance.now() - before) },
    'joined the embedded PostgreSQL',
  )
  return openOwn(embedded, limits)
}

async function openGiven(url: string, limits: Limits): Promise<Database> {
  const sql = connect(url, limits)
  try {
    const [row] = await sql<
      { major: number }[]
    >`select current_setting('server_version_num')::integer / 10000 as major`
    if (row && row.major < MIN_MAJOR_VERSION)
      throw new Error(
        `it is PostgreSQL ${row.major}, ${MIN_MAJOR_VERSION} is the oldest that will do`,
      )
  } catch (cause) {
    await sql.end({ timeout: 1 })
    const { host, pathname } = new URL(url)
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`Cannot use the database of DATABASE_URL (${host}${pathname}): ${reason}`, {
      cause,
    })
  }
  return { sql, url, close: () => sql.end({ timeout: 5 }) }
}

async function openOwn(embedded: Embedded, limits: Limits): Promise<Database> {
  await createDatabase(embedded.url, NAME)
  const url = embedded.url.replace(/[^/]*$/, NAME)
  const sql = connect(url, limits)
  return {
    sql,
    url,
    close: async () => {
      await sql.end({ timeout: 5 })
      await embedded.close()
    },
  }
}

async function createDatabase(url: string, name: string): Promise<void> {
  const sql = connect(url, { max: 1 })
  try {
    const found = await sql`select from pg_database where datname = ${name}`
    if (found.length === 0) await sql`create database ${sql(name)}`
  } catch (error) {
    // 42P04, 23505: another process has created it in the meantime
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== '42P04' && code !== '23505') throw error
  } finally {
    await sql.end({ timeout: 1 })
  }
}
