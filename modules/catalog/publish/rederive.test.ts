import { afterAll, beforeAll, expect, test } from 'bun:test'
import { insertFixtures } from '../../../src/testing/fixtures.ts'
import { createTestDatabase, type TestDatabase } from '../../../src/testing/test-database.ts'
import { rederiveProducts } from './rederive.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await insertFixtures(database.sql)
})
afterAll(() => database.drop())

test('products that older rules described are chosen and classified again, only once', async () => {
  const { sql } = database
  await sql`insert into catalog.product_descriptions (product_id, chain_id, hash, first_observed_at, name, manufacturer,
      unit_of_measure, unit_quantity, is_weighted)
    select id, coalesce(chain_id, '7290027600007'), row_number() over (order by id, n desc), '2026-08-09', n, manufacturer,
      unit_of_measure, unit_quantity, is_weighted
    from catalog.products cross join unnest(names) n`
  const read = () =>
    sql`select id, name, names, search::text, category, subcategory, category_rule, is_weighted
      from catalog.products order by id`
  const original = [...(await read())]
  await sql`update catalog.products set category = null, subcategory = null, category_rule = null, search = '' where id < 3`
  await sql`update catalog.products set category_rule = 'of old' where id = 4`
  await sql`update catalog.products set name = 'of old', is_weighted = false where id = 3`
  const reweighed = await sql.begin(async (tx) => {
    expect(await rederiveProducts(tx)).toBe(4)
    return [...(await tx`select product_id from reweighed_products`)]
  })
  expect(reweighed).toEqual([{ product_id: 3 }])
  expect((await sql`select sounds from catalog.search_words where word = 'קוטג'`)[0]).toEqual({
    sounds: 'kvtg',
  })
  expect([...(await read())]).toEqual(original)
  await sql`update catalog.products set category = null where id = 1`
  expect(await sql.begin(rederiveProducts)).toBe(null)
  await sql`update catalog.derived set rules = 'of old'`
  expect(await sql.begin(rederiveProducts)).toBe(1)
})
