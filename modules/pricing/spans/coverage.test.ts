import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { readMigrations } from '../../../src/db/migrate.ts'
import { createTestDatabase, type TestDatabase } from '../../../src/testing/test-database.ts'
import { countCoverage } from './coverage.ts'

const [ONE, OTHER] = ['7290000000017', '7290000000024']

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  const { sql } = database
  await sql`insert into catalog.chains ${sql([{ id: ONE }, { id: OTHER }])}`
  const store = (id: number, chain_id: string) => ({ id, chain_id, store_number: id })
  await sql`insert into catalog.stores ${sql([store(1, ONE), store(2, ONE), store(3, ONE), store(4, OTHER)])}`
})
beforeEach(async () => {
  await database.sql`truncate pricing.price_lists, pricing.promotion_lists, pricing.coverage`
})
afterAll(() => database.drop())

type List = {
  of: 'price_lists' | 'promotion_lists'
  store: number
  at: string
  rows: number
  delta?: true
}

let lists = 0
async function insert({
  of,
  store,
  at,
  rows,
  delta,
}: List): Promise<{ storeId: number; moment: number }> {
  const { sql } = database
  const [sha256, content] = [Buffer.from([++lists]), Buffer.from([lists])]
  const named = of === 'price_lists' ? 'product_ids' : 'promotion_ids'
  const head = {
    store_id: store,
    observed_at: at,
    file_name: `list-${lists}`,
    sha256,
    content,
    rows,
  }
  const kind = delta ? { kind: 'delta', [named]: [1] } : { kind: 'full', [named]: null }
  await sql`insert into ${sql(`pricing.${of}`)} ${sql({ ...head, ...kind })}`
  return { storeId: store, moment: Date.parse(at) }
}

async function coverage(): Promise<string[]> {
  const rows = await database.sql<{ line: string }[]>`
    select format('%s %s: %s stores, %s full, %s items in %s+%s lists, %s promotions in %s lists, %s', right(chain_id, 2), day,
      stores, full_stores, items, full_lists, delta_lists, promotions, promotion_lists,
      to_char(last_list_at, 'MM-DD HH24:MI')) as line
    from pricing.coverage order by chain_id, day`
  return rows.map(({ line }) => line)
}

const LISTS: List[] = [
  { of: 'price_lists', store: 1, at: '2026-05-01T00:00+03:00', rows: 9 },
  { of: 'price_lists', store: 1, at: '2026-05-01T23:59+03:00', rows: 7 },
  { of: 'price_lists', store: 2, at: '2026-05-01T08:00+03:00', rows: 4, delta: true },
  { of: 'price_lists', store: 1, at: '2026-05-02T00:00+03:00', rows: 8 },
  { of: 'promotion_lists', store: 1, at: '2026-05-01T05:00+03:00', rows: 30 },
  { of: 'promotion_lists', store: 1, at: '2026-05-01T06:00+03:00', rows: 20 },
  { of: 'promotion_lists', store: 3, at: '2026-05-01T06:00+03:00', rows: 5 },
  { of: 'promotion_lists', store: 3, at: '2026-05-01T07:00+03:00', rows: 2, delta: true },
  { of: 'promotion_lists', store: 4, at: '2026-05-03T23:00+03:00', rows: 6 },
]
const COUNTED = [
  '17 2026-05-01: 3 stores, 1 full, 7 items in 2+1 lists, 25 promotions in 4 lists, 05-01 20:59',
  '17 2026-05-02: 1 stores, 1 full, 8 items in 1+0 lists, 0 promotions in 0 lists, 05-01 21:00',
  '24 2026-05-03: 1 stores, 0 full, 0 items in 0+0 lists, 6 promotions in 1 lists, 05-03 20:00',
]

test("coverage counts a chain's stores and their last full lists for each day in Israel", async () => {
  const observations = await Promise.all(LISTS.map(insert))
  await database.sql.begin((tx) => countCoverage(tx, observations))
  expect(await coverage()).toEqual(COUNTED)
})

test('counting list after list, in any order, gives the same coverage', async () => {
  for (const list of [...LISTS.slice(4), ...LISTS.slice(0, 4)].toReversed()) {
    const observation = await insert(list)
    await database.sql.begin((tx) => countCoverage(tx, [observation]))
  }
  expect(await coverage()).toEqual(COUNTED)
})

test('only the days of the given lists are recounted', async () => {
  const observations = await Promise.all(LISTS.map(insert))
  await database.sql.begin((tx) => countCoverage(tx, observations.slice(-1)))
  expect(await coverage()).toEqual(COUNTED.slice(2))
})

test('the migration counts what was published before it', async () => {
  const { sql } = database
  await Promise.all(LISTS.map(insert))
  const migration = readMigrations().find(({ name }) => name === '0014_covered_promotions')
  await sql.unsafe(migration?.down ?? '')
  await sql.unsafe(migration?.up ?? '')
  expect(await coverage()).toEqual(COUNTED)
})
