import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeSchemas } from '../testing/describe-schemas.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { connect, type Sql } from './connect.ts'
import {
  assertNotBehind,
  createMigration,
  migrateDown,
  migrateUp,
  migrationStatus,
  readMigrations,
} from './migrate.ts'

let database: TestDatabase
let sql: Sql
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false })
  sql = database.sql
})
afterAll(() => database.drop())

describe('the migrations of super-zol', () => {
  test('migrating up, down and up again gives the same schema', async () => {
    const names = readMigrations().map(({ name }) => name)
    const rows = await sql`select from core.generation`.catch(() => 'nothing yet')
    expect(rows).toBe('nothing yet')

    expect(await migrateUp(sql)).toEqual(names)
    const first = await describeSchemas(sql)
    expect(first).toContain('schema pricing')
    expect(
      first.filter((line) => line.startsWith('column pricing.prices ')).length,
    ).toBeGreaterThan(3)
    expect(await migrateUp(sql)).toEqual([])

    expect(await migrateDown(sql, { all: true })).toEqual(names.toReversed())
    const nothing = await describeSchemas(sql)
    expect(nothing.filter((line) => !line.includes('schema_migrations'))).toEqual(['schema public'])

    expect(await migrateUp(sql)).toEqual(names)
    expect(await describeSchemas(sql)).toEqual(first)
  })

  test('migrations are applied once when replicas start at the same time', async () => {
    await migrateDown(sql, { all: true })
    const replicas = Array.from({ length: 4 }, () => connect(database.url, { max: 1 }))
    const applied = await Promise.all(replicas.map((replica) => migrateUp(replica)))
    expect(applied.flat()).toEqual(readMigrations().map(({ name }) => name))
    await Promise.all(replicas.map((replica) => replica.end()))
  })
})

describe('migrations of a folder', () => {
  let folder: string
  beforeEach(async () => {
    if (folder) rmSync(folder, { recursive: true })
    folder = mkdtempSync(join(tmpdir(), 'super-zol-migrations-'))
    await sql`drop table if exists public.schema_migrations, public.one, public.two`
    write('0001_one', 'create table public.one ();', 'drop table public.one;')
    write('0002_two', 'create table public.two ();', 'drop table public.two;')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function write(name: string, up: string, down: string): void {
    writeFileSync(join(folder, `${name}.sql`), up)
    writeFileSync(join(folder, `${name}.down.sql`), down)
  }

  test('down reverts only the last migration', async () => {
    await migrateUp(sql, { folder })
    expect(await migrateDown(sql, { folder })).toEqual(['0002_two'])
    expect(await migrateDown(sql, { folder })).toEqual(['0001_one'])
    expect(await migrateDown(sql, { folder })).toEqual([])
  })

  test('assertNotBehind names pending migrations, and accepts an empty database', async () => {
    await assertNotBehind(sql, { folder })
    expect([...(await sql`select to_regclass('public.schema_migrations') as made`)]).toEqual([
      { made: null },
    ])
    await migrateUp(sql, { folder })
    await assertNotBehind(sql, { folder })
    write('0003_three', 'select 1;', 'select 1;')
    await expect(assertNotBehind(sql, { folder })).rejects.toThrow(
      'Cannot read the database: its tables are older than the program (pending: 0003_three)',
    )
  })

  test('status lists applied, pending, changed and missing migrations', async () => {
    await migrateUp(sql, { folder })
    write('0002_two', 'create table public.two (n integer);', 'drop table public.two;')
    write('0003_three', 'select 1;', 'select 1;')
    for (const file of ['0001_one.sql', '0001_one.down.sql']) rmSync(join(folder, file))
    expect(await migrationStatus(sql, { folder })).toEqual([
      { name: '0001_one', state: 'missing', appliedAt: expect.any(Date) },
      { name: '0002_two', state: 'changed', appliedAt: expect.any(Date) },
      { name: '0003_three', state: 'pending', appliedAt: null },
    ])
    await migrateDown(sql, { folder })
    await expect(migrateDown(sql, { folder })).rejects.toThrow('Cannot revert 0001_one')
  })

  test('a failed migration is rolled back, and the ones before it stay applied', async () => {
    write('0002_two', 'create table public.two (); select 1 / 0;', 'drop table public.two;')
    await expect(migrateUp(sql, { folder })).rejects.toThrow(
      'Cannot migrate: 0002_two failed: division by zero',
    )
    const tables = await sql`select tablename from pg_tables where schemaname = 'public' order by 1`
    expect(tables.map(({ tablename }) => tablename)).toEqual(['one', 'schema_migrations'])
  })

  test('create uses the next number and refuses invalid names', () => {
    const texts = { up: 'create table c ();\n', down: 'drop table c;\n' }
    const [up = '', down = ''] = createMigration('add_cities', { folder, ...texts })
    expect(readFileSync(up, 'utf8')).toBe('-- add cities\ncreate table c ();\n')
    expect(readFileSync(down, 'utf8')).toBe('-- reverts: add cities\ndrop table c;\n')
    expect(
      readdirSync(folder)
        .filter((file) => file.startsWith('0003'))
        .sort(),
    ).toEqual(['0003_add_cities.down.sql', '0003_add_cities.sql'])
    for (const name of ['Add', '1st', 'a-b', 'a b', '']) {
      expect(() => createMigration(name, { folder })).toThrow('Cannot create the migration')
    }
  })

  test.each([
    ['0003_alone.sql', 'Cannot read the migrations: 0003_alone.down.sql is missing'],
    [
      '0003_alone.down.sql',
      'Cannot read the migrations: 0003_alone.down.sql has no migration to undo',
    ],
    ['third.sql', 'Cannot read the migrations: third.sql must be named NNNN_name.sql'],
  ])('a migrations folder with %s is refused', (file, message) => {
    writeFileSync(join(folder, file), '')
    expect(() => readMigrations(folder)).toThrow(message)
  })

  test('two migrations with the same number are refused', () => {
    write('0002_again', '', '')
    expect(() => readMigrations(folder)).toThrow('two have the number 0002')
  })
})
