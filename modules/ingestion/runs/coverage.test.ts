import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { type Bench, deltas, fullLists, item, openBench } from '../testing/ingest.ts'

const OTHER = '7290000000024'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
beforeEach(() => bench.empty())
afterAll(() => bench.close())

const items = (count: number) => Array.from({ length: count }, (_, i) => item(String(100 + i), '5'))

/** The coverage rows as `chain day: stores, items, full+delta lists, last list (UTC)`, sorted. */
async function coverage(): Promise<string[]> {
  const rows = await bench.sql<{ line: string }[]>`
    select format('%s %s: %s stores, %s items, %s+%s lists, %s', right(chain_id, 2), day, stores, items, full_lists,
      delta_lists, to_char(last_list_at, 'MM-DD HH24:MI')) as line
    from pricing.coverage order by chain_id, day`
  return rows.map(({ line }) => line)
}

const first = {
  'price_full_file_x.csv': fullLists([
    { store: '1', at: '202605010000', rows: items(9) },
    { store: '1', at: '202605012359', rows: items(7) },
    { store: '2', at: '202605010300', rows: items(4) },
  ]),
  'price_file_x.csv': deltas([{ store: '3', at: '202605010400', rows: items(2) }]),
  'price_full_file_y.csv': fullLists([
    { chain: OTHER, store: '1', at: '202605010300', rows: items(3) },
  ]),
}
const second = {
  'price_full_file_x.csv': fullLists([
    { store: '1', at: '202605020000', rows: items(8) },
    { store: '2', at: '202605010900', rows: items(6) },
  ]),
}
const both = [
  '17 2026-05-01: 3 stores, 13 items, 4+1 lists, 05-01 20:59',
  '17 2026-05-02: 1 stores, 8 items, 1+0 lists, 05-01 21:00',
  '24 2026-05-01: 1 stores, 3 items, 1+0 lists, 05-01 00:00',
]

test("coverage counts a chain's stores, last full lists' rows and lists by day in Israel", async () => {
  await bench.load('v1', first)
  expect(await coverage()).toEqual([
    '17 2026-05-01: 3 stores, 11 items, 3+1 lists, 05-01 20:59',
    '24 2026-05-01: 1 stores, 3 items, 1+0 lists, 05-01 00:00',
  ])
  await bench.load('v2', second)
  expect(await coverage()).toEqual(both)
})

test('coverage does not depend on the order of loading, and loading again does not change it', async () => {
  await bench.load('v2', second)
  await bench.load('v1', first)
  expect(await coverage()).toEqual(both)
  const written = async () => [
    ...(await bench.sql`select xmin::text, chain_id, day from pricing.coverage order by 2, 3`),
  ]
  const before = await written()
  await bench.load('v1', first, { force: true })
  expect(await written()).toEqual(before)
})
