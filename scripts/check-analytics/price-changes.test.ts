import { afterAll, beforeAll, expect, test } from 'bun:test'
import fc from 'fast-check'
import { pino } from 'pino'
import type { PriceChange } from '../../modules/analytics/index.ts'
import { type Bench, CHAIN, openBench } from '../../modules/ingestion/testing/ingest.ts'
import { createApp } from '../../src/app.ts'
import { readEnv } from '../../src/env.ts'
import { daysBefore, readSlowMarket } from './slow-market.ts'
import { type SlowChange, slowPriceChanges } from './slow-price-changes.ts'
import { CODE, filesOf, type PriceRecord } from './testing/source-data.ts'

const TODAY = '2026-08-20'
const OTHER = '7290000000024'
const SECOND = '7290000170147'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

async function ask(query = '', status = 200) {
  const app = createApp({ sql: bench.sql, log: pino({ level: 'silent' }), env: readEnv({}) })
  const response = await app.handle(
    new Request(`http://localhost/v1/analytics/price-changes?per_page=100&${query}`),
  )
  expect(response.status).toBe(status)
  return JSON.parse(await response.text())
}
const changes = async (query?: string): Promise<PriceChange[]> => (await ask(query)).data

async function load(records: PriceRecord[]): Promise<void> {
  await bench.empty()
  expect((await bench.load('2026-08-20', filesOf(records))).errors).toEqual([])
}

test('price changes use stores observed on both days; a shifted decimal point comes last', async () => {
  const day = (ago: number, record: Omit<PriceRecord, 'day'>): PriceRecord => ({
    ...record,
    day: daysBefore(TODAY, ago),
  })
  await load([
    ...[day(7, { shelf: 10 }), day(0, { shelf: 12 })],
    ...[day(7, { store: '2', shelf: 10 }), day(0, { store: '2', shelf: 10 })],
    ...[day(0, { store: '3', shelf: 99 }), day(8, { store: '4', shelf: 1 })],
    ...[day(7, { shelf: 8, code: SECOND }), day(0, { shelf: 800, code: SECOND })],
    ...[
      day(7, { store: '2', shelf: 8, code: SECOND }),
      day(0, { store: '2', shelf: 8, code: SECOND }),
    ],
  ])
  const [first, second, ...more] = await changes()
  expect(more).toEqual([])
  expect(first).toMatchObject({
    ...{
      stores: 2,
      from_price: 10,
      to_price: 11,
      percent: 10,
      least_percent: 0,
      most_percent: 20,
      rises: 1,
      drops: 0,
    },
    ...{ suspect_stores: 0, suspect: false, from_date: '2026-08-13', to_date: TODAY, store: null },
  })
  expect(second).toMatchObject({
    stores: 2,
    percent: 4950,
    suspect_stores: 1,
    suspect: true,
    product: { barcode: SECOND },
  })
  expect((await changes('sort=size:desc')).map(({ suspect }) => suspect)).toEqual([true, false])
  expect((await changes('suspect=false')).length).toBe(1)
  expect((await changes('direction=drop')).length).toBe(0)
  const perStore = await changes(`per=store&barcode=${CODE}`)
  expect(perStore.map(({ stores, percent, store }) => [stores, percent, store?.chain_id])).toEqual([
    [1, 20, CHAIN],
  ])
  expect((await changes('from=2026-08-12&to=2026-08-13')).length).toBe(0)
  expect((await ask('from=2026-08-20&to=2026-08-20', 400)).error.details).toEqual([
    { field: 'from', message: 'must be before to' },
  ])
  expect((await ask('from=2026-08-10&days=3', 400)).error.details[0].field).toBe('days')
})

const priceRecord = fc.record({
  chain: fc.constantFrom(CHAIN, OTHER),
  store: fc.constantFrom('1', '2'),
  ago: fc.integer({ min: 0, max: 20 }),
  code: fc.constantFrom(CODE, SECOND, '7290000170154'),
  shelf: fc.oneof(fc.integer({ min: 8, max: 12 }), fc.constant(80)),
})

test('random markets give the same changes as the slow computation', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(fc.array(priceRecord, { minLength: 20, maxLength: 60 }), async (random) => {
      const distinct = new Map(
        random.map((record) => [
          `${record.chain} ${record.store} ${record.ago} ${record.code}`,
          record,
        ]),
      )
      await load(
        [...distinct.values()].map(({ ago, ...record }) => ({
          ...record,
          day: daysBefore(TODAY, ago),
        })),
      )
      const market = await readSlowMarket(bench.sql)
      for (const per of ['product', 'store']) {
        for (const includeStale of [false, true]) {
          const [from, to] = [daysBefore(market.today, 5), market.today]
          const slow = slowPriceChanges(market, { from, to, per, includeStale })
          const answered = (await changes(`per=${per}&days=5&include_stale=${includeStale}`)).map(
            toSlow,
          )
          expect(answered.sort(byIds)).toEqual(slow.sort(byIds))
          compared += answered.length
        }
      }
    }),
    { numRuns: 5, seed: 6 },
  )
  expect(compared).toBeGreaterThan(12)
}, 60_000)

const byIds = (a: SlowChange, b: SlowChange) =>
  a.product_id - b.product_id || Number(a.store_id) - Number(b.store_id)

function toSlow({ product, store, ...row }: PriceChange): SlowChange {
  return { product_id: product.id, store_id: store?.id ?? null, ...row }
}
