import { afterAll, beforeAll, expect, test } from 'bun:test'
import * as auth from '../src/auth/tables.ts'
import * as core from '../src/db/core-tables.ts'
import { createDeclared } from '../src/testing/declared-tables.ts'
import { describeSchemas } from '../src/testing/describe-schemas.ts'
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts'
import * as catalog from './catalog/tables.ts'
import * as ingestion from './ingestion/tables.ts'
import * as pricing from './pricing/tables.ts'

let migrated: TestDatabase
let declared: TestDatabase
beforeAll(async () => {
  ;[migrated, declared] = await Promise.all([
    createTestDatabase(),
    createTestDatabase({ migrated: false }),
  ])
})
afterAll(() => Promise.all([migrated.drop(), declared.drop()]))

/** What drizzle cannot say is left out: unlogged, storage parameters; and the migrations' own table. */
function comparable(lines: string[]): string[] {
  return lines
    .filter((line) => !line.includes('public.schema_migrations'))
    .map((line) => line.replace(/^(relation \S+ \S) .*/, '$1'))
}

test('the tables declared for drizzle are those that the migrations make, column by column and key by key', async () => {
  await declared.sql`create extension pg_trgm`
  await createDeclared(declared.sql, [core, auth, catalog, pricing, ingestion])
  const lines = comparable(await describeSchemas(migrated.sql))
  for (const schema of ['core', 'auth', 'catalog', 'pricing', 'ingestion'])
    expect(lines).toContain(`schema ${schema}`)
  expect(comparable(await describeSchemas(declared.sql))).toEqual(lines)
})
