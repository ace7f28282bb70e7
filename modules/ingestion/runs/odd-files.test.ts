import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { formatTimestamp } from '../../../src/http/contract/moment.ts'
import { validateVersions } from '../quality/validate/validate.ts'
import {
  type Bench,
  CHAIN,
  csvOf,
  currentOf,
  deltas,
  fullLists,
  item,
  KEYS,
  openBench,
  type Row,
  sourceRows,
  storeFile,
} from '../testing/ingest.ts'

/** Tests malformed and unusual files (docs/data-quality.md), one small version each. */

const OTHER = '7290000000024'
const CODES = ['7291234500015', '7291234500022', '7291234500039', '101', '102']
const FULL = 'price_full_file_x.csv'
const COLUMNS = [...KEYS, 'itemcode', 'itemname', 'itemprice']

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
beforeEach(() => bench.empty())
afterAll(() => bench.close())

const rowsOf = (codes: string[], price = '5'): Row[] => codes.map((code) => item(code, price))

/** The rows of a source file with the key columns in every row, as in a file without masking. */
const writtenOut = (store: string, rows: Row[], at = '202605010300'): Row[] => {
  const [keys = {}] = sourceRows('PriceFull', [{ store, at, rows: [{}] }])
  return rows.map((row) => ({ ...keys, ...row }))
}

async function clock(): Promise<(string | null)[]> {
  const [row] = await bench.sql<{ last_observed_at: Date | null; stale_before: Date | null }[]>`
    select last_observed_at, stale_before from core.generation`
  return [row?.last_observed_at ?? null, row?.stale_before ?? null].map(
    (at) => at && formatTimestamp(at),
  )
}

const findings = async (path: string) => {
  const { versions } = await validateVersions([path], {
    onFile: () => {},
    silentAfterDays: 7,
    loaded: null,
  })
  return versions.flatMap((version) =>
    version.findings.map(({ check, level }) => `${check} ${level}`),
  )
}

describe('files without masking', () => {
  test('consecutive rows of one source file are one list', async () => {
    const rows = [...writtenOut('1', rowsOf(CODES)), ...writtenOut('2', rowsOf(CODES.slice(0, 2)))]
    const summary = await bench.load('2026-05-01', { [FULL]: csvOf(COLUMNS, rows) })
    expect(summary.versions[0]).toMatchObject({ lists_read: 2, rejects: 0, repeated_codes: 0 })
    expect(await currentOf(bench.sql)).toHaveLength(7)
  })

  test('rows with and without a source file name belong to one list', async () => {
    const rows = writtenOut('1', rowsOf(CODES))
    const mixed = rows.map((row, i) => (i % 2 === 0 ? row : { ...row, file_name: '' }))
    const summary = await bench.load('2026-05-01', { [FULL]: csvOf(COLUMNS, mixed) })
    expect(summary.versions[0]).toMatchObject({ lists_read: 1 })
    expect(await currentOf(bench.sql)).toHaveLength(5)
  })

  test('a row with a source file name inherits nothing from the row above', async () => {
    const [first = {}, second = {}] = writtenOut('1', rowsOf(CODES))
    const rows = [
      { ...first, itemname: "''" },
      { ...second, itemprice: '' },
    ]
    const summary = await bench.load('2026-05-01', { [FULL]: csvOf(COLUMNS, rows) })
    expect(summary.versions[0]).toMatchObject({ lists_read: 1, rejects: 1 })
    expect(await currentOf(bench.sql)).toEqual([`${CHAIN}/1 ${CODES[0]} 5.00`])
  })

  test('a row of another store is rejected', async () => {
    const rows = writtenOut('1', rowsOf(CODES)).map((row, i) =>
      i === 2 ? { ...row, storeid: '2' } : row,
    )
    const summary = await bench.load('2026-05-01', { [FULL]: csvOf(COLUMNS, rows) })
    expect(summary.versions[0]).toMatchObject({ rejects: 1 })
    expect(await currentOf(bench.sql)).toHaveLength(4)
  })

  test('only the torn row in the middle of a list is rejected', async () => {
    const csv = csvOf(COLUMNS, writtenOut('1', rowsOf(CODES)))
    const lines = csv.split('\n')
    lines[3] = (lines[3] ?? '').slice(0, 60)
    const summary = await bench.load('2026-05-01', { [FULL]: lines.join('\n') })
    expect(summary.versions[0]).toMatchObject({ lists_read: 1, rejects: 1 })
    expect(await currentOf(bench.sql)).toHaveLength(4)
  })

  test('stores and repeated source files in a CSV are loaded without masking', async () => {
    const store = (storeid: string) => ({ storeid, storename: `סניף ${storeid}`, city: 'חיפה' })
    const stores = sourceRows('Stores', [{ at: '202605010300', rows: [{}] }])
    const keys = stores[0] ?? {}
    const rows = ['1', '2', '3'].map((number) => ({ ...keys, ...store(number) }))
    const lists = [
      ...writtenOut('1', rowsOf(CODES.slice(0, 3))),
      ...writtenOut('2', rowsOf(CODES)),
      ...writtenOut('1', rowsOf(CODES), '202605010400'),
    ]
    const summary = await bench.load('2026-05-01', {
      'store_file_x.csv': csvOf([...KEYS, 'storename', 'city'], rows),
      [FULL]: csvOf(COLUMNS, lists),
    })
    expect(summary).toMatchObject({ errors: [], versions: [{ rejects: 0, lists_read: 3 }] })
    expect([...(await bench.sql`select name from catalog.stores order by store_number`)]).toEqual(
      ['1', '2', '3'].map((number) => ({ name: `סניף ${number}` })),
    )
    expect(await currentOf(bench.sql)).toHaveLength(10)
  })

  test('validation reports lists of one store and time with different numbers of rows', async () => {
    const short = csvOf(COLUMNS, writtenOut('1', rowsOf(CODES.slice(0, 2))))
    const path = await bench.write('2026-05-01', {
      [FULL]: csvOf(COLUMNS, writtenOut('1', rowsOf(CODES))),
      'price_full_file_y.csv': short,
    })
    expect(await findings(path)).toContain('list-size error')
    const alike = await bench.write('2026-05-02', {
      [FULL]: csvOf(COLUMNS, writtenOut('1', rowsOf(CODES))),
      'price_full_file_y.csv': csvOf(COLUMNS, writtenOut('1', rowsOf(CODES.slice(1)))),
    })
    expect(await findings(alike)).not.toContain('list-size error')
  })
})

describe('torn rows', () => {
  const masked = (rows: Row[]) =>
    csvOf([...COLUMNS, 'note'], sourceRows('PriceFull', [{ at: '202605010300', rows }]))
  const rows = [
    { ...item('101', '5'), note: "''" },
    item('102', '6'),
    { ...item('103', ''), itemprice: '' },
    { ...item('104', ''), itemprice: '' },
    item('105', '7'),
    { ...item('106', ''), itemprice: '' },
  ]
  const prices = async () => (await currentOf(bench.sql)).map((price) => price.replace(/^.*-/, ''))

  test('rows below a torn row inherit nothing from the rows above it', async () => {
    const csv = masked(rows).replace(',102,מוצר 102,6,', ',102,6')
    const summary = await bench.load('2026-05-01', { [FULL]: csv })
    expect(summary.versions[0]).toMatchObject({ rejects: 3 })
    expect(await prices()).toEqual(['101 5.00', '105 7.00', '106 7.00'])
    const reasons = await bench.sql`select reason from ingestion.rejects order by line`
    expect(reasons.map(({ reason }) => reason)).toEqual([
      '8 cells instead of 10',
      'the row above it cannot be read',
      'the row above it cannot be read',
    ])
  })

  test('a complete row inherits from the row above', async () => {
    await bench.load('2026-05-01', { [FULL]: masked(rows) })
    expect(await prices()).toEqual([
      ...['101 5.00', '102 6.00', '103 6.00', '104 6.00', '105 7.00', '106 7.00'],
    ])
  })

  test('the torn first row of a source file is recognised by its file name, wherever it is torn', async () => {
    const csv = fullLists([
      { store: '1', at: '202605010300', rows: rowsOf(CODES) },
      { store: '2', at: '202605010300', rows: rowsOf(CODES, '9') },
    ])
    const name = `PriceFull${CHAIN}-002-202605010300`
    const torn = [
      csv.replace(`dumps/x,${name}`, `dumps/x${name}`),
      csv.replace(`\ndumps/x,${name}`, `;dumps/x,${name}`),
      csv.replace(`dumps/x,${name}`, `"dumps/x,${name}`),
    ]
    for (const text of torn) {
      await bench.empty()
      await bench.load('2026-05-01', { [FULL]: text })
      const stores = (await currentOf(bench.sql)).filter((price) => !price.startsWith(`${CHAIN}/1`))
      expect(stores).toEqual([])
      expect((await currentOf(bench.sql)).every((price) => price.endsWith(' 5.00'))).toBe(true)
    }
  })

  test('a promotion below a torn row inherits no terms', async () => {
    const columns = [...KEYS, 'promotionid', 'minqty', 'discountedprice', 'promotionitems', 'clubs']
    const promotion = (id: string, price: string, clubs = '') => ({
      promotionid: id,
      minqty: '1',
      discountedprice: price,
      promotionitems: '{"item": {"itemcode": "101"}}',
      clubs,
    })
    const [keys = {}] = sourceRows('PriceFull', [{ at: '202605010300', rows: [{}] }])
    const csv = csvOf(columns, [
      { ...keys, ...promotion('1', '5', "''") },
      promotion('2', '6', '7'),
      promotion('3', '7'),
      promotion('4', '8', '0'),
    ]).replace('2,1,6', '2,6')
    await bench.load('2026-05-01', { 'promo_full_file_x.csv': csv })
    const codes = await bench.sql`select code from pricing.promotion_terms order by code`
    expect(codes.map(({ code }) => code)).toEqual(['1', '4'])
  })
})

describe('leftover files', () => {
  test('a leftover beside its complete file is skipped with a warning', async () => {
    const completeCsv = fullLists([{ at: '202605010300', rows: rowsOf(CODES) }])
    const torn = completeCsv.slice(0, Math.floor(completeCsv.length / 2))
    const files = { [FULL]: completeCsv, 'price_full_file_x_temp.csv': torn }
    const summary = await bench.load('2026-05-01', files)
    expect(summary).toMatchObject({ status: 'completed', errors: [] })
    expect(summary.warnings).toEqual([
      '2026-05-01: price_full_file_x_temp.csv: passed over, a leftover beside its whole file',
    ])
    expect(await currentOf(bench.sql)).toHaveLength(5)
    expect([...(await bench.sql`select slugs from catalog.chains`)]).toEqual([{ slugs: ['x'] }])
    expect(await findings(await bench.write('2026-05-01', files))).toEqual(['leftover warning'])
  })
})

describe('lists from the future', () => {
  const AT = '202605010300'
  const good = (at = AT) => fullLists([{ at, rows: rowsOf(CODES) }])
  const ahead = (at: string) =>
    fullLists([{ chain: OTHER, at, rows: rowsOf(CODES.slice(0, 3), '99') }])

  test.each([
    ['of a year that is still to come', '206205010300'],
    ['nine days ahead of their version', '202605100300'],
    ['two days ahead', '202605030300'],
  ])('%s are kept as rejects and told, and do not move the clock', async (_, at) => {
    const files = { [FULL]: good(), 'price_full_file_y.csv': ahead(at) }
    const summary = await bench.load('2026-05-01', files)
    expect(summary).toMatchObject({
      status: 'completed',
      errors: [],
      versions: [{ lists_ahead: 1 }],
    })
    expect(summary.warnings).toEqual([
      `2026-05-01: price_full_file_y.csv: not loaded, from the future: PriceFull${OTHER}-001-${at}`,
    ])
    expect(await clock()).toEqual(['2026-05-01T03:00:00+03:00', '2026-04-24T03:00:00+03:00'])
    expect(await currentOf(bench.sql)).toHaveLength(5)
    const rejects = await bench.sql`select reason, raw from ingestion.rejects`
    expect(rejects).toHaveLength(3)
    expect(rejects[0]?.reason).toStartWith('a moment after the day of its version: ')
    expect(await findings(await bench.write('2026-05-01', files))).toEqual(['list-ahead error'])
  })

  test('lists from the early hours of the next day are not from the future', async () => {
    const files = { [FULL]: good(), 'price_full_file_y.csv': ahead('202605022330') }
    const summary = await bench.load('2026-05-01', files)
    expect(summary.warnings).toEqual([])
    expect(await currentOf(bench.sql)).toHaveLength(8)
  })

  test('a list that is too late for one version is loaded with the version of its day', async () => {
    const file = ahead('202605100300')
    await bench.load('2026-05-01', { 'price_full_file_y.csv': file })
    expect(await currentOf(bench.sql)).toEqual([])
    const summary = await bench.load('2026-05-10', { 'price_full_file_y.csv': file })
    expect(summary).toMatchObject({ warnings: [], versions: [{ lists_read: 1 }] })
    expect(await currentOf(bench.sql)).toHaveLength(3)
  })

  test('delta lists and store files from the future are rejected', async () => {
    await bench.load('2026-05-01', {
      [FULL]: good(),
      'price_file_x.csv': deltas([{ at: '206205010300', rows: rowsOf(CODES, '99') }]),
      'store_file_x.csv': storeFile([
        { at: '206205010300', rows: [{ storename: 'מחר' }] },
        { at: AT, rows: [{ storename: 'היום' }] },
      ]),
    })
    expect(new Set((await currentOf(bench.sql)).map((price) => price.split(' ').at(-1)))).toEqual(
      new Set(['5.00']),
    )
    expect([...(await bench.sql`select name from catalog.stores`)]).toEqual([{ name: 'היום' }])
  })

  test('a later valid version corrects future observation times from an older program', async () => {
    await bench.load('2026-05-01', { [FULL]: good() })
    await bench.sql`update core.generation set last_observed_at = '2062-05-01', stale_before = '2062-04-24'`
    await bench.sql`insert into catalog.chains (id, slugs) values (${OTHER}, '{y}')`
    await bench.sql`insert into catalog.stores (chain_id, store_number, last_observed_at)
      values (${OTHER}, 1, '2062-05-01')`
    await bench.load('2026-05-02', { [FULL]: good('202605020300') })
    expect(await clock()).toEqual(['2026-05-02T03:00:00+03:00', '2026-04-25T03:00:00+03:00'])
    const [product] = await bench.sql`select min_agorot, store_count from catalog.products`
    expect(product).toEqual({ min_agorot: 500, store_count: 1 })
  })

  test('a store file without a timestamp never overrides one that has it', async () => {
    const named = (at: string, storename: string) => storeFile([{ at, rows: [{ storename }] }])
    await bench.load('2026-05-01', { 'store_file_x.csv': named(AT, 'with') })
    await bench.load('2026-05-02', { 'store_file_x.csv': named('undated', 'without') })
    expect([...(await bench.sql`select name from catalog.stores`)]).toEqual([{ name: 'with' }])
    await bench.empty()
    await bench.load('2026-05-02', { 'store_file_x.csv': named('undated', 'without') })
    await bench.load('2026-05-01', { 'store_file_x.csv': named(AT, 'with') })
    expect([...(await bench.sql`select name from catalog.stores`)]).toEqual([{ name: 'with' }])
  })

  test('a list with a day and no time in its name sorts before lists of that day with a time', async () => {
    await bench.load('2026-05-01', {
      [FULL]: fullLists([
        { at: '20260501', rows: rowsOf(CODES, '4') },
        { at: '202605010100', rows: rowsOf(CODES, '5') },
      ]),
    })
    expect((await currentOf(bench.sql))[0]).toEndWith(' 5.00')
  })
})
