import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import fc from 'fast-check'
import { pino } from 'pino'
import { type Deal, dealSchema } from '../../modules/analytics/index.ts'
import { type Bench, CHAIN, openBench } from '../../modules/ingestion/testing/ingest.ts'
import { createApp } from '../../src/app.ts'
import { readEnv } from '../../src/env.ts'
import { type SlowDeal, slowDeals } from './slow-deals.ts'
import { daysBefore, readSlowMarket } from './slow-market.ts'
import { CODE, filesOf, type PriceRecord } from './testing/source-data.ts'

const OTHER = '7290000000024'
const TODAY = '2026-08-20'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterEach(() => bench.empty())
afterAll(() => bench.close())

/** The same price on each day of a period, given in days before today. */
function during(from: number, to: number, record: Omit<PriceRecord, 'day'>): PriceRecord[] {
  return Array.from({ length: from - to + 1 }, (_, i) => ({
    ...record,
    day: daysBefore(TODAY, from - i),
  }))
}

async function ask(query = ''): Promise<Deal[]> {
  const now = () => Date.parse(`${TODAY}T12:00:00+03:00`)
  const app = createApp({ sql: bench.sql, log: pino({ level: 'silent' }), env: readEnv({}), now })
  const response = await app.handle(
    new Request(`http://localhost/v1/analytics/deals?per_page=100&${query}`),
  )
  const body = await response.text()
  if (response.status !== 200) throw new Error(body)
  return JSON.parse(body).data
}

async function load(...records: PriceRecord[][]): Promise<void> {
  expect((await bench.load('2026-08-20', filesOf(records.flat()))).errors).toEqual([])
}

const elsewhere = (shelf: number) => during(40, 0, { chain: OTHER, shelf })

test('a sale below the past prices of the store and the prices of others is a deal', async () => {
  await load(during(89, 1, { shelf: 15 }), during(0, 0, { shelf: 15, sale: 10 }), elsewhere(14))
  const [deal, ...more] = await ask()
  expect(more).toEqual([])
  expect(deal).toMatchObject({
    ...{
      kind: 'promotion',
      price: 10,
      shelf_price: 15,
      reference_price: 14,
      percent: 28.57,
      score: 28.57,
      stores: 1,
    },
    before: {
      last_day: '2026-08-19',
      low_30: 15,
      median_30: 15,
      days_30: 30,
      median_90: 15,
      low_90: 15,
      days_90: 89,
    },
    market: { median: 14, stores: 1 },
    observation_date: TODAY,
    stale: false,
  })
  expect(Object.keys(deal ?? {})).toEqual(Object.keys(dealSchema.example))
  expect(deal?.promotion).toMatchObject({ description: 'ב 10', ends_on: '2026-08-23' })
})

test.each([
  ['shortly before', 12],
  ['a month before', 29],
  ['before the last 30 days', 40],
])('a sale from a price that was raised %s is not a deal', async (_, days) => {
  await load(
    during(89, days + 1, { shelf: 10 }),
    during(days, 1, { shelf: 15 }),
    during(0, 0, { shelf: 15, sale: 10 }),
    elsewhere(15),
  )
  expect(await ask()).toEqual([])
})

test('a permanent sale is not a deal, and neither is a price that other stores match', async () => {
  await load(during(60, 0, { shelf: 20, sale: 10 }))
  expect(await ask()).toEqual([])
  await load(
    during(40, 1, { shelf: 15, code: '7290000170147' }),
    during(0, 0, { shelf: 10, code: '7290000170147' }),
    during(3, 0, { chain: OTHER, shelf: 15, sale: 10, code: '7290000170147' }),
  )
  expect(await ask()).toEqual([])
})

test('a price that was as low within 90 days scores half', async () => {
  await load(
    during(80, 76, { shelf: 10 }),
    during(75, 1, { shelf: 16 }),
    during(0, 0, { shelf: 10 }),
    during(40, 1, { shelf: 16, code: '7290000170147' }),
    during(0, 0, { shelf: 10, code: '7290000170147' }),
  )
  const deals = await ask()
  expect(deals.map(({ score, percent, kind, market }) => [score, percent, kind, market])).toEqual([
    [37.5, 37.5, 'price_drop', null],
    [18.75, 37.5, 'price_drop', null],
  ])
  expect((await ask('min_score=18.76')).length).toBe(1)
  expect((await ask('kind=promotion')).length).toBe(0)
  expect((await ask(`product_id=${deals[0]?.product.id}`)).length).toBe(1)
})

test('stores of a chain share one deal; stale stores and prices older than a month are omitted', async () => {
  await load(
    ...['1', '2', '3'].map((store) => [
      ...during(20, 1, { store, shelf: 12 }),
      ...during(0, 0, { store, shelf: 9 }),
    ]),
    [...during(30, 9, { store: '4', shelf: 12 }), ...during(8, 8, { store: '4', shelf: 6 })],
    [...during(70, 31, { store: '5', shelf: 12 }), ...during(30, 0, { store: '5', shelf: 3 })],
  )
  expect((await ask()).map(({ stores, price }) => [stores, price])).toEqual([[3, 9]])
  expect((await ask('include_stale=true')).map(({ price, stale }) => [price, stale])).toEqual([
    [6, true],
  ])
})

const SECOND = '7290000170147'
const THIRD = '7290000170154'

test('deals in many stores and on widely sold products come first; suspect prices come last', async () => {
  await load(
    ...['1', '2', '3'].map((store) => [
      ...during(20, 1, { store, shelf: 12 }),
      ...during(0, 0, { store, shelf: 9 }),
    ]),
    [...during(20, 1, { shelf: 30, code: SECOND }), ...during(0, 0, { shelf: 3, code: SECOND })],
    during(20, 0, { store: '2', shelf: 30, code: SECOND }),
    [...during(20, 1, { shelf: 30, code: THIRD }), ...during(0, 0, { shelf: 10, code: THIRD })],
  )
  const deals = await ask()
  expect(
    deals.map(({ price, worth, seller_count, single_store, suspect }) => {
      return [price, worth, seller_count, single_store, suspect]
    }),
  ).toEqual([
    // score × stores/(stores + 2) × sellers/(sellers + 2) × days/(days + 3)
    [9, 7.83, 3, false, false],
    [10, 6.44, 1, true, false],
    [3, 13.04, 2, false, true],
  ])
  expect((await ask('min_stores=2')).map(({ price }) => price)).toEqual([9])
  expect((await ask('sort=score:desc'))[0]).toMatchObject({ price: 3, suspect: true })
})

test('articles of one promotion at one price are one deal with variants', async () => {
  const sale = (code: string) => [
    ...during(20, 1, { shelf: 15, code }),
    ...during(0, 0, { shelf: 15, sale: 10, code }),
  ]
  await load(sale(CODE), sale(SECOND), sale(THIRD))
  const [deal, ...more] = await ask()
  expect([more.length, deal?.variant_count]).toEqual([0, 2])
  expect(deal?.variants.map(({ barcode, price }) => [barcode, price])).toEqual([
    [SECOND, 10],
    [THIRD, 10],
  ])
  expect((await ask('group_variants=false')).map(({ variants }) => variants)).toEqual([[], [], []])
  await bench.sql`update catalog.products set category = 'Not Goods' where code = ${CODE}`
  await bench.sql`select pg_notify('generation', 'x')`
  expect((await ask('group_variants=false')).length).toBe(2)
  expect((await ask(`barcode=${CODE}`)).length).toBe(1)
})

const priceRecord = fc.record({
  chain: fc.constantFrom(CHAIN, OTHER),
  store: fc.constantFrom('1', '2'),
  ago: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 125 })),
  code: fc.constantFrom(CODE, '7290000170147'),
  shelf: fc.integer({ min: 8, max: 12 }),
  sale: fc.option(fc.integer({ min: 6, max: 10 }), { nil: undefined }),
})

test('random markets loaded in any order give the same deals as the slow computation', async () => {
  let deals = 0
  await fc.assert(
    fc.asyncProperty(fc.array(priceRecord, { minLength: 20, maxLength: 60 }), async (random) => {
      await bench.empty()
      const distinct = new Map(
        random.map((record) => [
          `${record.chain} ${record.store} ${record.ago} ${record.code}`,
          record,
        ]),
      )
      const versions = Map.groupBy(
        distinct.values(),
        ({ chain, store, ago }) => (Number(store) + ago + chain.length) % 3,
      )
      for (const [version, records] of versions) {
        const files = filesOf(
          records.map(({ ago, ...record }) => ({ ...record, day: daysBefore(TODAY, ago) })),
        )
        expect((await bench.load(`random-${version}`, files)).errors).toEqual([])
      }
      for (const includeStale of [false, true]) {
        const slow = slowDeals(await readSlowMarket(bench.sql), { includeStale })
        const answered = (await ask(`group_variants=false&include_stale=${includeStale}`)).map(
          toSlow,
        )
        expect(answered.sort(byProduct)).toEqual(slow.sort(byProduct))
        deals += answered.length
      }
    }),
    { numRuns: 6, seed: 6 },
  )
  expect(deals).toBeGreaterThan(5)
}, 60_000)

const byProduct = (a: SlowDeal, b: SlowDeal) =>
  a.product_id - b.product_id || (a.chain_id < b.chain_id ? -1 : 1)

function toSlow({ product, store, before, market, reference_price, ...deal }: Deal): SlowDeal {
  const { stores, worth, single_store, suspect, score, percent, price } = deal
  return {
    ...{ stores, worth, single_store, suspect },
    ...{ product_id: product.id, store_id: store.id, chain_id: store.chain_id },
    ...{ score, percent, price, reference: reference_price },
    evidence: before.days_90 + (market?.stores ?? 0),
  }
}
