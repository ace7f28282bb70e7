import { afterAll, beforeAll, expect, test } from 'bun:test'
import { describeSchemas } from '../../src/testing/describe-schemas.ts'
import { createTestDatabase, type TestDatabase } from '../../src/testing/test-database.ts'
import { currentSnapshot, emptySnapshot, savedSnapshot, sqlBetween } from './snapshot.ts'

let migrated: TestDatabase
let declared: TestDatabase
beforeAll(async () => {
  ;[migrated, declared] = await Promise.all([
    createTestDatabase(),
    createTestDatabase({ migrated: false }),
  ])
})
afterAll(() => Promise.all([migrated.drop(), declared.drop()]))

/**
 * Without what drizzle cannot declare (unlogged, storage parameters), the names of keys, which
 * PostgreSQL and drizzle choose differently, and the table of applied migrations.
 */
function comparable(lines: string[]): string[] {
  return lines
    .filter((line) => !line.includes('schema_migrations'))
    .filter((line) => !/^relation \S+ i /.test(line))
    .map((line) =>
      line
        .replace(/^(relation \S+ \S) .*/, '$1')
        .replace(/^(constraint \S+) \S+/, '$1')
        .replace(/^(index CREATE UNIQUE INDEX) \S+/, '$1'),
    )
    .toSorted()
}

test('the declared tables are those that the migrations make, by column, key and index', async () => {
  await declared.sql`create extension pg_trgm`
  await declared.sql.unsafe(await sqlBetween(emptySnapshot(), currentSnapshot()))
  const lines = comparable(await describeSchemas(migrated.sql))
  for (const schema of ['core', 'auth', 'catalog', 'pricing', 'ingestion'])
    expect(lines).toContain(`schema ${schema}`)
  expect(comparable(await describeSchemas(declared.sql))).toEqual(lines)
})

test('every change of a table has a migration: npm run migrate -- create NAME', async () => {
  expect(await sqlBetween(savedSnapshot(), currentSnapshot())).toBe('')
  expect(currentSnapshot()).toEqual(savedSnapshot())
})

test('a changed table gives the statements of a migration and of its reversal', async () => {
  const [before, after] = [currentSnapshot(), currentSnapshot()]
  const chains = after.tables['catalog.chains']
  if (chains === undefined) throw new Error('catalog.chains is not declared')
  const column = { name: 'website', type: 'text', primaryKey: false, notNull: false }
  chains.columns = { ...chains.columns, website: column }
  expect(await sqlBetween(before, after)).toBe(
    'ALTER TABLE "catalog"."chains" ADD COLUMN "website" text;\n',
  )
  expect(await sqlBetween(after, before)).toBe(
    'ALTER TABLE "catalog"."chains" DROP COLUMN "website";\n',
  )
  expect(await sqlBetween(before, before)).toBe('')
})
