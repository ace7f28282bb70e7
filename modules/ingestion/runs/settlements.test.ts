import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test'
import { pino } from 'pino'
import { createApp } from '../../../src/app.ts'
import { connect, type Sql } from '../../../src/db/connect.ts'
import { readEnv } from '../../../src/env.ts'
import { type Ckan, startCkan } from '../../../src/testing/ckan-server.ts'
import { bodyOf } from '../../../src/testing/test-app.ts'
import { ingest, pathSource, SAMPLE_DATASET_ID } from '../index.ts'
import { type Bench, fullLists, item, openBench, storeFile } from '../testing/ingest.ts'

const RECORDS = [
  { סמל_ישוב: '0 ', שם_ישוב: 'לא רשום ' },
  { סמל_ישוב: '3000 ', שם_ישוב: 'ירושלים ' },
  { סמל_ישוב: 5000, שם_ישוב: 'תל אביב  - יפו ' },
  { סמל_ישוב: '963 ', שם_ישוב: 'אעצם )שבט( ' },
  { city_code: 8300, city_name_he: 'ראשון לציון' },
  { סמל_ישוב: '9500', שם_ישוב: 'קרית ביאליק' },
]

let bench: Bench
let ckan: Ckan
let sql: Sql
let stores: (city: string) => Promise<[number, string | null, string | null][]>
let version = ''
beforeAll(async () => {
  bench = await openBench()
  ckan = await startCkan(RECORDS)
  sql = connect(bench.url)
  const app = createApp({ sql, log: pino({ level: 'silent' }), env: readEnv({}) })
  stores = async (city) => {
    const answer = await app.handle(
      new Request(`http://localhost/v1/stores?city=${encodeURIComponent(city)}`),
    )
    const { data } = await bodyOf(answer)
    return data.map(
      (one: { store_number: number; city: string | null; city_code: string | null }) => [
        one.store_number,
        one.city,
        one.city_code,
      ],
    )
  }
  const at = '202605010300'
  const cities = [
    '3000',
    'ירושלים',
    '5000',
    'ת"א',
    'תל-אביב-יפו',
    '8300',
    'קריית ביאליק',
    '963',
    '0',
  ]
  const rows = cities.map((city, i) => ({ storeid: String(i + 1), storename: 'סניף', city }))
  version = await bench.write('2026-05-01', {
    'price_full_file_x.csv': fullLists([{ at, rows: [item('101', '5')] }]),
    'store_file_x.csv': storeFile([{ at, rows }]),
  })
})
beforeEach(() => bench.empty())
afterEach(() => {
  Object.assign(ckan, { asked: [], records: RECORDS, most: 32_000, misbehave: {} })
})
afterAll(async () => {
  await sql.end({ timeout: 1 })
  await ckan.close()
  await bench.close()
})

const load = (options = {}) => bench.ingest([version], { settlementsUrl: ckan.url, ...options })
const age = (days: number) =>
  bench.sql`update catalog.settlements set fetched_at = now() - make_interval(days => ${days})`
const generation = async () =>
  Number((await bench.sql`select number from core.generation`)[0]?.number)

test('a city is found by its name, an alternative spelling and its code', async () => {
  expect(await load()).toMatchObject({ status: 'completed', warnings: [] })
  const jerusalem: Awaited<ReturnType<typeof stores>> = [
    [1, 'ירושלים', '3000'],
    [2, 'ירושלים', null],
  ]
  for (const city of ['ירושלים', '3000', '03000'])
    expect([city, await stores(city)]).toEqual([city, jerusalem])
  for (const city of ['תל אביב', 'ת"א', 'תל אביב - יפו', 'תל-אביב-יפו', '5000']) {
    expect([city, await stores(city)]).toEqual([
      city,
      [
        [3, 'תל אביב - יפו', '5000'],
        [4, 'ת"א', null],
        [5, 'תל-אביב-יפו', null],
      ],
    ])
  }
  expect(await stores('ראשל"צ')).toEqual([[6, 'ראשון לציון', '8300']])
  for (const city of ['קרית ביאליק', '9500'])
    expect(await stores(city)).toEqual([[7, 'קריית ביאליק', null]])
  expect(await stores('אעצם (שבט)')).toEqual([[8, 'אעצם (שבט)', '963']])
  for (const city of ['0', 'לא רשום', 'אביב', '-'])
    expect([city, await stores(city)]).toEqual([city, []])
})

test('the list of settlements is requested page by page', async () => {
  ckan.most = 2
  await load()
  expect(ckan.asked.map((path) => new URL(path, ckan.url).searchParams.get('offset'))).toEqual([
    '0',
    '2',
    '4',
  ])
  expect((await bench.sql`select from catalog.settlements`).length).toBe(5)
})

test('settlements are requested monthly, or daily while a code is unknown; new names start a generation', async () => {
  await load()
  await load({ force: true })
  await age(29)
  await load()
  expect([ckan.asked.length, await generation()]).toEqual([1, 2])
  await age(31)
  await load()
  expect([ckan.asked.length, await generation()]).toEqual([2, 2])
  await bench.sql`delete from catalog.settlements where code = '3000'`
  await load()
  expect(ckan.asked.length).toBe(2)
  await age(2)
  await load()
  expect([ckan.asked.length, await generation()]).toEqual([3, 3])
  ckan.records = [{ סמל_ישוב: '3000', שם_ישוב: 'ירושלים רבתי' }]
  await age(31)
  await load()
  expect([await stores('3000'), await generation()]).toEqual([[[1, 'ירושלים רבתי', '3000']], 4])
})

test.each<[string, Ckan['misbehave'], RegExp]>([
  ['an error', { status: 503 }, /: HTTP 503$/],
  ['a page instead of JSON', { body: '<html>' }, /: its answer is no JSON$/],
  [
    'an error under 200',
    { body: '{"success": false, "error": {}}' },
    /: its answer has no records$/,
  ],
  [
    'an empty list',
    { body: '{"success": true, "result": {"records": [], "total": 0}}' },
    /: it holds no settlements$/,
  ],
])('%s leaves the codes as they are, and does not fail the run', async (_, misbehave, reason) => {
  ckan.misbehave = misbehave
  const summary = await load()
  expect(summary).toMatchObject({ status: 'completed', errors: [] })
  expect(summary.warnings.length).toBe(1)
  expect(summary.warnings[0]).toStartWith('Cannot name the settlements by 127.0.0.1:')
  expect(summary.warnings[0]).toMatch(reason)
  const both: Awaited<ReturnType<typeof stores>> = [
    [1, null, '3000'],
    [2, 'ירושלים', null],
  ]
  expect([await stores('3000'), await stores('ירושלים')]).toEqual([both, both])
})

test('an unreachable or silent settlements service does not fail the run', async () => {
  const unreachable = await load({ settlementsUrl: 'http://127.0.0.1:1/' })
  expect(unreachable).toMatchObject({
    status: 'completed',
    warnings: [expect.stringContaining('127.0.0.1:1')],
  })
  ckan.misbehave = { silent: true }
  const controller = new AbortController()
  setTimeout(() => controller.abort('SIGTERM'), 500)
  const stopped = await load({ signal: controller.signal })
  expect(stopped).toMatchObject({
    errors: [expect.stringContaining('Interrupted by SIGTERM')],
    warnings: [],
  })
})

test('the sample, a dry run or stores without a city cause no request for settlements', async () => {
  const options = {
    datasetId: SAMPLE_DATASET_ID,
    staleAfterDays: 7,
    trigger: 'test',
    settlementsUrl: ckan.url,
  }
  await ingest(bench.url, pathSource([version]), options)
  await bench.empty()
  await load({ dryRun: true })
  await bench.load(
    'v',
    { 'price_full_file_x.csv': fullLists([{ at: '202605010300', rows: [item('101', '5')] }]) },
    {
      settlementsUrl: ckan.url,
    },
  )
  expect(ckan.asked).toEqual([])
})
