import { afterAll, beforeAll, expect, test } from 'bun:test'
import { insertFixtures } from '../../../src/testing/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../../../src/testing/test-database.ts'
import { deriveAnew } from './derive.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await insertFixtures(database.sql)
})
afterAll(() => database.drop())

test('the known dataset has what a publish would give it; what other rules derived is derived anew, once, and only what is otherwise is written', async () => {
  const { sql } = database
  const read = () =>
    sql`select id, search::text, category, subcategory, category_rule from catalog.products order by id`
  const known = [...(await read())]
  await sql`update catalog.products set category = null, subcategory = null, category_rule = null, search = '' where id < 3`
  await sql`update catalog.products set category_rule = 'of old' where id = 4`
  expect(await sql.begin(deriveAnew)).toBe(3)
  expect((await sql`select sounds from catalog.search_words where word = 'קוטג'`)[0]).toEqual({
    sounds: 'kvtg',
  })
  expect([...(await read())]).toEqual(known)
  await sql`update catalog.products set category = null where id = 1`
  expect(await sql.begin(deriveAnew)).toBe(0)
  await sql`update catalog.derived set rules = 'of old'`
  expect(await sql.begin(deriveAnew)).toBe(1)
})
