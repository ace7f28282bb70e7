import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import {
  type Bench,
  CHAIN,
  DATASET,
  deltas,
  type Files,
  fullLists,
  item,
  openBench,
  storeFile,
} from '../../testing/ingest.ts'
import { validateVersions } from './validate.ts'

const OTHER = '7290000000024'
const items = (count: number) =>
  Array.from({ length: count }, (_, i) => item(String(7290000170000 + i), '5'))
const full = (count: number, at: string, store = '1', chain = CHAIN) => ({
  chain,
  store,
  at,
  rows: items(count),
})

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
beforeEach(() => bench.empty())
afterAll(() => bench.close())

async function validate(paths: string[], datasetId: string | null = null) {
  const loaded = datasetId === null ? null : { db: bench.sql, datasetId }
  return validateVersions(paths, { onFile: () => {}, silentAfterDays: 7, loaded })
}

/** Four days of two chains. One loses a store and its items, the other its files. */
const DAYS: Record<string, Files> = {
  '2026-05-01': {
    'price_full_file_x.csv': fullLists([full(9, '202605010300'), full(9, '202605010300', '2')]),
    'price_full_file_y.csv': fullLists([full(3, '202605010300', '1', OTHER)]),
    'store_file_x.csv': storeFile([
      { at: '202605010100', rows: [{ storename: 'א' }, { storeid: '7' }] },
    ]),
  },
  '2026-05-02': {
    'price_full_file_x.csv': fullLists([full(9, '202605020300'), full(8, '202605022300')]),
    'price_full_file_y_new_source.csv': fullLists([full(3, '202605020300', '1', OTHER)]),
    'price_file_x.csv': deltas([full(1, '202605021200')]),
  },
  '2026-05-05': { 'price_file_y.csv': deltas([full(1, '202605050300', '1', OTHER)]) },
  '2026-05-08': {
    'price_full_file_x.csv': fullLists([full(4, '202605080300'), full(1, '202605080300', '3')]),
  },
}

test('comparing a version with loaded data gives the findings of comparing it with those versions', async () => {
  const paths: string[] = []
  for (const [version, files] of Object.entries(DAYS)) paths.push(await bench.write(version, files))
  const beside = (await validate(paths)).versions.at(-1)?.findings
  const [newest = '', ...earlier] = paths.toReversed()
  await bench.ingest(earlier.toReversed())
  const { compared, versions } = await validate([newest], DATASET)
  expect(compared).toBe(
    `Compared with the other versions given and with what is loaded of ${DATASET} (3 versions with new files).`,
  )
  const findings = versions[0]?.findings ?? []
  expect(findings).toEqual(beside ?? [])
  expect(findings.map(({ level, check, message }) => `${level} ${check}: ${message}`)).toEqual([
    'error file-missing: missing: 2 earlier versions had it, last 2026-05-02',
    'error item-count: 5 items in 2 stores; the median of 2 earlier days is 13 in 1.5',
    'warning file-missing: missing: 1 earlier version had it, last 2026-05-02',
    'warning file-missing: missing: 1 earlier version had it, last 2026-05-05',
    'warning file-missing: missing: 1 earlier version had it, last 2026-05-01',
    'warning store-silent: no price list for 7 days, since 2026-05-01',
    'warning store-unlisted: 1 of 2 stores of its store file never had a price list',
    'warning store-undescribed: 1 of 2 stores with price lists are in no store file',
  ])
  // after it is loaded, it is not compared with itself
  await bench.ingest([newest])
  expect((await validate([newest], DATASET)).versions[0]?.findings).toEqual(findings)
})

test('prices are compared with the current prices in the database', async () => {
  const list = (store: string, at: string, price: string) => ({
    store,
    at,
    rows: [item('7290000170017', price)],
  })
  const stores = Array.from({ length: 6 }, (_, i) => list(String(i + 1), '202605010300', '10'))
  await bench.load('2026-05-01', { 'price_full_file_x.csv': fullLists(stores) })
  const path = await bench.write('2026-05-02', {
    'price_full_file_x.csv': fullLists([list('1', '202605020300', '1000')]),
  })
  const { versions } = await validate([path], DATASET)
  expect(versions[0]?.findings.filter(({ check }) => check === 'price-outlier')).toMatchObject([
    { chain_id: CHAIN, message: '1000.00 is 100 times the median 10.00 of 7 prices' },
  ])
})

test('a database without versions of the dataset is not used for comparison', async () => {
  await bench.load('2026-05-01', {
    'price_full_file_x.csv': fullLists([{ at: '202605010300', rows: [item('101', '5')] }]),
  })
  const path = await bench.write('2026-05-02', { 'price_full_file_y.csv': fullLists([]) })
  const { compared, versions } = await validate([path], 'someone/else')
  expect(compared).toBe(
    'Compared with the other versions given; the database holds nothing of someone/else.',
  )
  expect(versions[0]?.findings.map(({ check }) => check)).toEqual(['file-empty'])
})
