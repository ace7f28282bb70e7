import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { type SampleOptions, sampleTruth, writeSample } from '../../../scripts/sample/generate.ts'
import { hash } from '../../../scripts/sample/random.ts'
import { israelIso } from '../../../src/israel-time.ts'
import {
  type Bench,
  CHAIN,
  currentOf,
  deltas,
  type Files,
  fullLists,
  item,
  marketOf,
  openBench,
  snapshotOf,
  spansOf,
} from '../testing/ingest.ts'
import { zipOf } from '../testing/zip.ts'

/** A small sample with a store whose last list is nine days old. */
const small: SampleOptions = { days: 11, stores: 10, products: 120 }

let bench: Bench
let folders: string[] = []
beforeAll(async () => {
  bench = await openBench()
  folders = await writeSample(join(bench.folder, 'sample'), small)
})
afterAll(() => bench.close())

async function filesOf(folder: string): Promise<Files> {
  const names = await readdir(folder)
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]),
    ),
  )
}

describe('the sample', () => {
  let loaded: Awaited<ReturnType<Bench['ingest']>>
  let market: Awaited<ReturnType<typeof marketOf>>
  beforeAll(async () => {
    loaded = await bench.ingest(folders)
    market = await marketOf(bench.sql)
  })

  test('loading the sample gives exactly the figures of its truth file', async () => {
    const truth = sampleTruth(small)
    expect(loaded).toMatchObject({ status: 'completed', errors: [], dry_run: false })
    const sum = (of: (version: (typeof loaded.versions)[number]) => number) =>
      loaded.versions.reduce((total, version) => total + of(version), 0)
    expect({
      rows: {
        price_full: sum((v) => v.rows.price_full ?? 0),
        price: sum((v) => v.rows.price ?? 0),
        store: sum((v) => v.rows.store ?? 0),
        promo_full: sum((v) => v.rows.promo_full ?? 0),
        promo: sum((v) => v.rows.promo ?? 0),
      },
      lists: sum((v) => v.lists_read),
      spans: sum((v) => (v.published?.spansAdded ?? 0) - (v.published?.spansRemoved ?? 0)),
      notForSale: sum((v) => v.not_for_sale),
      repeated: sum((v) => v.repeated_codes),
      rejects: sum((v) => v.rejects),
    }).toEqual({
      rows: truth.rows,
      lists: truth.price_lists,
      spans: truth.price_spans,
      notForSale: truth.not_for_sale_rows,
      repeated: truth.repeated_codes_in_a_list,
      rejects: truth.rejects.price + truth.rejects.item_code + truth.rejects.store,
    })
    const { sql } = bench
    const [counts] = await sql`
      select (select count(*)::integer from catalog.chains) as chains,
        (select count(*)::integer from catalog.stores) as stores,
        (select count(*)::integer from catalog.products) as products,
        (select count(*)::integer from pricing.price_lists) as lists,
        (select count(*)::integer from pricing.prices) as spans,
        (select count(*)::integer from pricing.prices where valid_to is null) as current,
        (select sum(rows)::integer from ingestion.files) as rows`
    expect(counts).toEqual({
      chains: truth.chains,
      stores: truth.stores,
      products: truth.products,
      lists: truth.price_lists,
      spans: truth.price_spans,
      current: truth.current_total,
      rows: Object.values(truth.rows).reduce((total, rows) => total + rows, 0),
    })
    const perStore = await sql<{ store: string; prices: number; at: number }[]>`
      select s.chain_id || '/' || s.store_number as store, (extract(epoch from s.last_observed_at) * 1000)::float8 as at,
        (select count(*)::integer from pricing.prices p where p.store_id = s.id and valid_to is null) as prices
      from catalog.stores s where exists (select from pricing.price_lists l where l.store_id = s.id)`
    expect(Object.fromEntries(perStore.map((row) => [row.store, row.prices]))).toEqual(
      truth.current_prices,
    )
    expect(
      Object.fromEntries(perStore.map((row) => [row.store, israelIso(row.at).slice(0, 19)])),
    ).toEqual(truth.last_observed)
    const reasons = await sql<{ reason: string; count: number }[]>`
      select case when reason ~ 'price' then 'price' when reason ~ 'item code' then 'item_code' else 'store' end as reason,
        count(*)::integer as count from ingestion.rejects group by 1`
    expect(Object.fromEntries(reasons.map(({ reason, count }) => [reason, count]))).toEqual(
      truth.rejects,
    )
  })

  test('the generation has the real counts, and the outbox has one event per publish', async () => {
    const { sql } = bench
    const [row] = await sql`
      select number = (select count(*) from core.outbox) as one_event_each, number = ${folders.length} as one_each,
        last_observed_at = (select max(observed_at) from pricing.price_lists) as newest,
        stale_before = last_observed_at - interval '7 days' as stale,
        stats = jsonb_build_object(
          'chains', (select count(*) from catalog.chains), 'stores', (select count(*) from catalog.stores),
          'products', (select count(*) from catalog.products), 'price_spans', (select count(*) from pricing.prices),
          'current_prices', (select count(*) from pricing.prices where valid_to is null),
          'current_promotions', (select count(*) from pricing.promotions where valid_to is null),
          'rejects', (select count(*) from ingestion.rejects), 'sample', 0) as counted
      from core.generation`
    expect(row).toEqual({
      one_event_each: true,
      one_each: true,
      newest: true,
      stale: true,
      counted: true,
    })
    const events = await sql`select distinct type, payload ->> 'run_id' as run from core.outbox`
    expect([...events]).toEqual([{ type: 'ingestion.completed', run: String(loaded.run_id) }])
  })

  test('price summaries equal those computed from prices without the stale store', async () => {
    expect(await wrongCards()).toEqual([])
    const [stale] = await bench.sql`
      select count(*)::integer as products from catalog.products where store_count < all_store_count and store_count > 0`
    expect(stale?.products).toBeGreaterThan(0)
  })

  test('loading the sample again reads no file and writes only the row of the run', async () => {
    const before = await snapshotOf(bench.sql)
    const again = await bench.ingest(folders)
    const after = await snapshotOf(bench.sql)
    expect(again).toMatchObject({ status: 'completed', errors: [] })
    for (const version of again.versions) {
      expect(version).toMatchObject({
        files_read: 0,
        lists_read: 0,
        lists_known: 0,
        rows: {},
        published: null,
      })
    }
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual([
      'ingestion.runs',
    ])
  })

  test('--dry-run reads the whole sample and writes nothing', async () => {
    const before = await snapshotOf(bench.sql)
    const dry = await bench.ingest(folders, { dryRun: true, force: true })
    expect(await snapshotOf(bench.sql)).toEqual(before)
    expect(dry).toMatchObject({ status: 'completed', dry_run: true, run_id: null })
    const pickCounts = ({ rows, rejects }: (typeof dry.versions)[number]) => ({ rows, rejects })
    expect(dry.versions.map(pickCounts)).toEqual(loaded.versions.map(pickCounts))
  })

  test('--force reads the whole sample again and changes nothing', async () => {
    const forced = await bench.ingest(folders, { force: true })
    const { spansAdded, spansChanged, spansRemoved, newProducts, newStores, cards } = {
      spansAdded: 0,
      spansChanged: 0,
      spansRemoved: 0,
      newProducts: 0,
      newStores: 0,
      cards: 0,
    }
    for (const version of forced.versions) {
      expect(version.published).toMatchObject({
        spansAdded,
        spansChanged,
        spansRemoved,
        newProducts,
        newStores,
        cards,
      })
      expect(version.files_known).toBe(0)
    }
    expect(forced.versions.map((version) => version.rows)).toEqual(
      loaded.versions.map((version) => version.rows),
    )
    expect(await marketOf(bench.sql)).toEqual(market)
  })

  test('loading the sample from zips gives the same data', async () => {
    await bench.empty()
    const zips: string[] = []
    for (const folder of folders) {
      const zip = `${folder}.zip`
      await writeFile(zip, zipOf(await filesOf(folder)))
      zips.push(zip)
    }
    const zipped = await bench.ingest(zips)
    expect(await marketOf(bench.sql)).toEqual(market)
    expect(zipped.versions.map((version) => version.version)).toEqual(
      folders.map((folder) => basename(folder)),
    )
  })

  const reverse = (paths: string[]) => paths.toReversed()
  const mixed = (seed: number) => (paths: string[]) =>
    paths.toSorted((a, b) => keyed(seed, a) - keyed(seed, b))
  const keyed = (seed: number, path: string) => hash(seed, Date.parse(basename(path)) / 86_400_000)
  async function expectTheSame(order: (paths: string[]) => string[]): Promise<void> {
    await bench.empty()
    const { errors } = await bench.ingest(order(folders))
    expect(errors).toEqual([])
    expect(await marketOf(bench.sql)).toEqual(market)
  }

  test('loading the sample newest version first gives the same data', () => expectTheSame(reverse))
  test('loading the sample in shuffled order gives the same data (1)', () =>
    expectTheSame(mixed(1)))
  test('loading the sample in shuffled order gives the same data (2)', () =>
    expectTheSame(mixed(2)))
  test('loading the sample in shuffled order gives the same data (3)', () =>
    expectTheSame(mixed(3)))
})

/** The price summaries that differ from the result of a simple correct query. */
async function wrongCards(): Promise<unknown[]> {
  const rows = await bench.sql`
    with price as (
      select p.product_id, p.agorot, s.chain_id, s.last_observed_at >= g.stale_before as fresh
      from pricing.prices p join catalog.stores s on s.id = p.store_id, core.generation g where p.valid_to is null
    ), card as (
      select id, min(agorot) filter (where fresh) as min_agorot, max(agorot) filter (where fresh) as max_agorot,
        sum(agorot) filter (where fresh) as sum_agorot, count(agorot) filter (where fresh) as store_count,
        min(agorot) as all_min_agorot, max(agorot) as all_max_agorot, sum(agorot) as all_sum_agorot,
        count(agorot) as all_store_count,
        coalesce(array_agg(distinct price.chain_id order by price.chain_id) filter (where agorot is not null), '{}') as chain_ids
      from catalog.products left join price on product_id = id group by id
    )
    select p.code, to_jsonb(card) as right, p.min_agorot, p.store_count from catalog.products p join card using (id)
    where (p.min_agorot, p.max_agorot, p.sum_agorot, p.store_count, p.all_min_agorot, p.all_max_agorot, p.all_sum_agorot,
        p.all_store_count, p.chain_ids)
      is distinct from (card.min_agorot, card.max_agorot, card.sum_agorot, card.store_count, card.all_min_agorot,
        card.all_max_agorot, card.all_sum_agorot, card.all_store_count, card.chain_ids)`
  return [...rows]
}

describe('a small version', () => {
  beforeEach(() => bench.empty())

  test('a stale store counts again after a new list, even without a changed price', async () => {
    const milk = (price: string) => [item('7290000170130', price)]
    const first = { store: '1', at: '202605010300', rows: milk('5') }
    await bench.load('v1', { 'price_full_file_x.csv': fullLists([first]) })
    await bench.load('v2', {
      'price_full_file_x.csv': fullLists([{ store: '2', at: '202605200300', rows: milk('6') }]),
    })
    expect([...(await bench.sql`select min_agorot, store_count from catalog.products`)]).toEqual([
      { min_agorot: 600, store_count: 1 },
    ])
    await bench.load('v3', {
      'price_full_file_x.csv': fullLists([{ ...first, at: '202605200400' }]),
    })
    expect(await wrongCards()).toEqual([])
    expect([...(await bench.sql`select min_agorot, store_count from catalog.products`)]).toEqual([
      { min_agorot: 500, store_count: 2 },
    ])
  })

  test('a known list before a new store and a new product does not affect them', async () => {
    const knownList = { store: '1', at: '202605010300', rows: [item('7290000170130', '5')] }
    await bench.load('v1', { 'price_full_file_x.csv': fullLists([knownList]) })
    const summary = await bench.load('v2', {
      'price_full_file_x.csv': fullLists([
        knownList,
        { store: '2', at: '202605010300', rows: [item('7290000170147', '7')] },
      ]),
    })
    expect(summary.errors).toEqual([])
    expect(summary.versions[0]).toMatchObject({ lists_known: 1, lists_read: 1 })
    expect(await currentOf(bench.sql)).toEqual([
      `${CHAIN}/1 7290000170130 5.00`,
      `${CHAIN}/2 7290000170147 7.00`,
    ])
  })

  test('the same version under another name changes nothing', async () => {
    const files = {
      'price_full_file_x.csv': fullLists([{ at: '202605010300', rows: [item('101', '5')] }]),
    }
    await bench.load('v1', files)
    const before = await snapshotOf(bench.sql)
    const other = await bench.load('v2', files)
    expect(other.versions[0]).toMatchObject({ files_known: 1, rows_known: 1, published: null })
    const after = await snapshotOf(bench.sql)
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual([
      'ingestion.datasets',
      'ingestion.runs',
    ])
  })

  test('a delta list of a store without a full list gives its only prices', async () => {
    await bench.load('v1', {
      'price_file_x.csv': deltas([{ at: '202605011200', rows: [item('101', '5')] }]),
    })
    expect(await currentOf(bench.sql)).toEqual([`${CHAIN}/1 ${CHAIN}-101 5.00`])
  })
})

const STORES = ['1', '2']
const CODES = ['7290000170130', '7290000170147', '7290000170154', '101', '102', '103']
const MOMENTS = [
  '202605010300',
  '202605010900',
  '202605011200',
  '202605020300',
  '202605020301',
  '202605030300',
]
type ListSpec = {
  store: string
  full: boolean
  at: string
  prices: [code: string, agorot: number][]
  version: number
}

const listSpec: fc.Arbitrary<ListSpec> = fc.record({
  store: fc.constantFrom(...STORES),
  full: fc.boolean(),
  at: fc.constantFrom(...MOMENTS),
  prices: fc.array(fc.tuple(fc.constantFrom(...CODES), fc.constantFrom(0, 100, 250, 399)), {
    minLength: 1,
    maxLength: 6,
  }),
  version: fc.nat({ max: 3 }),
})

/** A model: applies a store's lists in order of time and records each product's price spans. */
function modelSpans(lists: ListSpec[]): string[] {
  return STORES.flatMap((store) => {
    const storeLists = lists
      .map((list, i) => ({ ...list, i }))
      .filter((list) => list.store === store)
    storeLists.sort((a, b) =>
      a.at < b.at ? -1 : a.at > b.at ? 1 : Number(b.full) - Number(a.full) || a.i - b.i,
    )
    const now = new Map<string, number>()
    const spans: string[] = []
    const open = new Map<string, { from: string; agorot: number }>()
    for (const at of new Set(storeLists.map((list) => list.at))) {
      for (const { full, prices } of storeLists.filter((list) => list.at === at)) {
        if (full) now.clear()
        for (const [code, agorot] of prices) now.set(code, agorot)
      }
      for (const code of CODES) {
        const agorot = now.get(code) ?? 0
        const before = open.get(code)
        if (before?.agorot === agorot) continue
        if (before !== undefined && before.agorot > 0)
          spans.push(formatSpan(store, code, before.agorot, before.from, at))
        open.set(code, { from: at, agorot })
      }
    }
    for (const [code, { from, agorot }] of open)
      if (agorot > 0) spans.push(formatSpan(store, code, agorot, from, ''))
    return spans
  }).sort()
}

function formatSpan(store: string, code: string, agorot: number, from: string, to: string): string {
  const moment = (at: string) => (at === '' ? '' : utcOf(at))
  const product = code.length < 8 ? `${CHAIN}-${code}` : code
  return `${CHAIN}/${store} ${product} ${moment(from)}–${moment(to)} ${(agorot / 100).toFixed(2)}`
}

/** In May, Israel time is three hours ahead of UTC. */
function utcOf(at: string): string {
  const [, month, day, hour, minute] = /^....(..)(..)(..)(..)$/.exec(at) ?? []
  return new Date(Date.UTC(2026, Number(month) - 1, Number(day), Number(hour) - 3, Number(minute)))
    .toISOString()
    .replace(/^\d+-(.*)T(.*):\d\d\.000Z$/, '$1 $2')
}

test('random lists in random versions and order give the price spans of the model', async () => {
  const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(
      fc.array(listSpec, { minLength: 4, maxLength: 14 }),
      order,
      async (lists, versions) => {
        await bench.empty()
        const paths: string[] = []
        for (const version of versions) {
          const sources = (full: boolean) =>
            lists.flatMap((list, i) =>
              list.version === version && list.full === full
                ? [
                    {
                      store: list.store,
                      at: `${list.at}-${String(i).padStart(2, '0')}`,
                      rows: list.prices.map(toItem),
                    },
                  ]
                : [],
            )
          const files = {
            'price_full_file_x.csv': fullLists(sources(true)),
            'price_file_x.csv': deltas(sources(false)),
          }
          paths.push(await bench.write(`random-${version}`, files))
        }
        const { errors } = await bench.ingest(paths)
        expect(errors).toEqual([])
        expect(await spansOf(bench.sql)).toEqual(modelSpans(lists))
        expect(await wrongCards()).toEqual([])
      },
    ),
    { numRuns: 15, seed: 3 },
  )
}, 90_000)

function toItem([code, agorot]: [string, number]) {
  return item(code, (agorot / 100).toFixed(2), `מוצר ${code}`)
}
