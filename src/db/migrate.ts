import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Sql } from './connect.ts'

export interface Migration {
  /** For example `0001_main`. */
  name: string
  up: string
  down: string
}

export interface MigrationStatus {
  name: string
  /** `changed`: the file differs from the applied one. `missing`: applied, but without a file. */
  state: 'applied' | 'pending' | 'changed' | 'missing'
  appliedAt: Date | null
}

interface Applied {
  name: string
  sha256: string
  applied_at: Date
}

/** The allowed names of migrations, without their number. */
const MIGRATION_NAME = /^[a-z][a-z0-9_]*$/

const FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url).href)
/**
 * The advisory lock for migrating. When replicas start at once, one migrates and the others wait.
 */
const LOCK = 7_246_002

/**
 * Applies all pending migrations, each in its own transaction.
 * @returns the names of the applied migrations, in order
 * @throws Error that names the failed migration; the ones before it stay applied
 */
export function migrateUp(sql: Sql, { folder = FOLDER } = {}): Promise<string[]> {
  return locked(sql, async (connection) => {
    const applied = new Set((await readApplied(connection)).map(({ name }) => name))
    const pending = readMigrations(folder).filter(({ name }) => !applied.has(name))
    for (const { name, up } of pending) {
      await apply(connection, name, up, async () => {
        await connection`insert into public.schema_migrations (name, sha256) values (${name}, ${digest(up)})`
      })
    }
    return pending.map(({ name }) => name)
  })
}

/**
 * Reverts the last migration, or all of them.
 * @returns the names of the reverted migrations, in order
 * @throws Error that names the migration that failed or has no `.down.sql` file
 */
export function migrateDown(sql: Sql, { folder = FOLDER, all = false } = {}): Promise<string[]> {
  return locked(sql, async (connection) => {
    const files = new Map(readMigrations(folder).map((migration) => [migration.name, migration]))
    const applied = (await readApplied(connection)).toReversed()
    const chosen = all ? applied : applied.slice(0, 1)
    for (const { name } of chosen) {
      const migration = files.get(name)
      if (!migration)
        throw new Error(`Cannot revert ${name}: there is no ${name}.down.sql in ${folder}`)
      await apply(connection, name, migration.down, async () => {
        await connection`delete from public.schema_migrations where name = ${name}`
      })
    }
    return chosen.map(({ name }) => name)
  })
}

/** Returns every migration that has a file or is applied, in order. */
export function migrationStatus(sql: Sql, { folder = FOLDER } = {}): Promise<MigrationStatus[]> {
  return locked(sql, async (connection) => {
    const applied = new Map((await readApplied(connection)).map((row) => [row.name, row]))
    const files = new Map(readMigrations(folder).map((migration) => [migration.name, migration]))
    const names = [...new Set([...files.keys(), ...applied.keys()])].sort()
    return names.map((name): MigrationStatus => {
      const row = applied.get(name)
      const file = files.get(name)
      if (!row) return { name, state: 'pending', appliedAt: null }
      const state = !file ? 'missing' : digest(file.up) === row.sha256 ? 'applied' : 'changed'
      return { name, state, appliedAt: row.applied_at }
    })
  })
}

/**
 * Checks that the database has all migrations or none, for processes that may not migrate. Writes
 * nothing.
 * @throws Error that names the pending migrations
 */
export async function assertNotBehind(sql: Sql, { folder = FOLDER } = {}): Promise<void> {
  const [made] = await sql<
    { any: boolean }[]
  >`select to_regclass('public.schema_migrations') is not null as any`
  if (made?.any !== true) return
  const applied = (await sql<{ name: string }[]>`select name from public.schema_migrations`).map(
    ({ name }) => name,
  )
  const pending = readMigrations(folder).filter(({ name }) => !applied.includes(name))
  if (applied.length === 0 || pending.length === 0) return
  const names = pending.map(({ name }) => name).join(', ')
  throw new Error(
    `Cannot read the database: its tables are older than the program (pending: ${names})`,
  )
}

/**
 * Writes the two files of a new migration with the next number.
 * @returns their paths
 * @throws Error when the name has other characters than lower-case letters, digits and underscores
 */
export function createMigration(
  name: string,
  { folder = FOLDER, up = '', down = '' } = {},
): string[] {
  if (!MIGRATION_NAME.test(name)) {
    throw new Error(
      `Cannot create the migration "${name}": its name must be lower case letters, digits and underscores`,
    )
  }
  const last = Math.max(
    0,
    ...readMigrations(folder).map((migration) => Number(migration.name.slice(0, 4))),
  )
  const base = join(folder, `${String(last + 1).padStart(4, '0')}_${name}`)
  const title = name.replaceAll('_', ' ')
  const files: [string, string][] = [
    [`${base}.sql`, `-- ${title}\n${up}`],
    [`${base}.down.sql`, `-- reverts: ${title}\n${down}`],
  ]
  for (const [path, text] of files) writeFileSync(path, text, { flag: 'wx' })
  return files.map(([path]) => path)
}

/**
 * Reads all pairs of `NNNN_name.sql` and `NNNN_name.down.sql` in a folder, in order.
 * @throws Error when a file of a pair is missing, a name is invalid, or two have the same number
 */
export function readMigrations(folder = FOLDER): Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql'))
  const names = files
    .filter((file) => !file.endsWith('.down.sql'))
    .map((file) => file.slice(0, -'.sql'.length))
  const alone = files.find(
    (file) => file.endsWith('.down.sql') && !names.includes(file.slice(0, -'.down.sql'.length)),
  )
  if (alone) throw new Error(`Cannot read the migrations: ${alone} has no migration to undo`)
  const numbers = new Set<string>()
  return names.sort().map((name) => {
    const number = /^(\d{4})_[a-z0-9_]+$/.exec(name)?.[1]
    if (!number)
      throw new Error(`Cannot read the migrations: ${name}.sql must be named NNNN_name.sql`)
    if (numbers.has(number))
      throw new Error(`Cannot read the migrations: two have the number ${number}`)
    numbers.add(number)
    if (!files.includes(`${name}.down.sql`))
      throw new Error(`Cannot read the migrations: ${name}.down.sql is missing`)
    const read = (file: string) => readFileSync(join(folder, file), 'utf8')
    return { name, up: read(`${name}.sql`), down: read(`${name}.down.sql`) }
  })
}

/** Returns a digest of the migrations. Databases with the same digest have the same schema. */
export function migrationsDigest(migrations = readMigrations()): string {
  return digest(migrations.map(({ name, up }) => `${name}\n${up}`).join('\n'))
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

type Connection = Awaited<ReturnType<Sql['reserve']>>

async function locked<T>(sql: Sql, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await sql.reserve()
  try {
    // the connections of the API have a statement timeout
    await connection`set statement_timeout = 0`
    await connection`select pg_advisory_lock(${LOCK})`
    await connection`
      create table if not exists public.schema_migrations (
        name text collate "C" primary key,
        sha256 text not null,
        applied_at timestamptz not null default now()
      )`
    return await work(connection)
  } finally {
    await connection`select pg_advisory_unlock(${LOCK})`.catch(() => {})
    await connection`reset statement_timeout`.catch(() => {})
    connection.release()
  }
}

function readApplied(connection: Connection): Promise<Applied[]> {
  return connection<
    Applied[]
  >`select name, sha256, applied_at from public.schema_migrations order by name`
}

async function apply(
  connection: Connection,
  name: string,
  text: string,
  note: () => Promise<void>,
): Promise<void> {
  try {
    await connection`begin`
    await connection.unsafe(text).simple()
    await note()
    await connection`commit`
  } catch (cause) {
    await connection`rollback`.catch(() => {})
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`Cannot migrate: ${name} failed: ${reason}`, { cause })
  }
}
