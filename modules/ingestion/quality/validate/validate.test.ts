import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleTruth, writeSample } from '../../../../scripts/sample/generate.ts'
import {
  CHAIN,
  csvOf,
  deltas,
  type Files,
  fullLists,
  item,
  KEYS,
  storeFile,
} from '../../testing/ingest.ts'
import { zipOf } from '../../testing/zip.ts'
import type { Check, Finding } from './findings.ts'
import { validateVersions } from './validate.ts'

const OTHER = '7290000000024'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'super-zol-validate-'))
})
afterEach(async () => {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true })
})
afterAll(() => rm(folder, { recursive: true }))

async function write(versions: Record<string, Files>): Promise<void> {
  for (const [version, files] of Object.entries(versions)) {
    await mkdir(join(folder, version))
    for (const [name, text] of Object.entries(files))
      await writeFile(join(folder, version, name), text)
  }
}

async function validate(paths: string[] = [folder]) {
  return validateVersions(paths, { onFile: () => {}, silentAfterDays: 7, loaded: null })
}

/** The findings of a check, in all versions or in one. */
async function findingsOf(check: Check, version?: string): Promise<Finding[]> {
  const { versions } = await validate()
  const selected = versions.filter((one) => version === undefined || one.version === version)
  return selected.flatMap(({ findings }) => findings).filter((one) => one.check === check)
}

/** The findings as text with their level. */
const formatFinding = ({ level, file, message }: Finding) => `${level} ${file ?? ''}: ${message}`

const items = (count: number) =>
  Array.from({ length: count }, (_, i) => item(String(7290000170000 + i), '5'))
const full = (count: number, at: string, store = '1', chain = CHAIN) => ({
  chain,
  store,
  at,
  rows: items(count),
})
const name = (store: string, at: string) => `PriceFull${CHAIN}-${store}-${at}`
const status = (counts: Record<string, number>) =>
  JSON.stringify({
    events: Object.entries(counts).map(([file_name, row_count]) => ({ file_name, row_count })),
  })

describe('a version by itself', () => {
  test('a valid version has no findings', async () => {
    await write({
      '2026-05-01': {
        'index.json': '{"0": "2026-05-01 23:00:00"}',
        'price_full_file_x.csv': fullLists([full(3, '202605010300')]),
        'x_price_full_file.json': status({ [name('001', '202605010300')]: 3 }),
        'store_file_x.csv': storeFile([
          { store: '1', at: '202605010100', rows: [{ storename: 'א' }] },
        ]),
      },
    })
    expect(await validate()).toMatchObject({
      compared: 'Compared with the other versions given; there is no database.',
      versions: [
        {
          version: '2026-05-01',
          files: 2,
          rows: 4,
          price_lists: 1,
          errors: 0,
          warnings: 0,
          findings: [],
        },
      ],
      errors: [],
    })
  })

  test("validation compares rows with the parser's counts", async () => {
    await write({
      v: {
        'price_full_file_x.csv': fullLists([
          full(3, '202605010300'),
          full(2, '202605010400'),
          full(4, '202605010500'),
        ]),
        'x_price_full_file.json': status({
          [name('001', '202605010300')]: 5,
          [name('001', '202605010400')]: 2,
          [name('007', '202605010300')]: 8,
          [name('008', '202605010300')]: 0,
        }),
        'y_promo_file.json': status({ 'Promo1-001-202605010300': 6, 'Promo1-002-202605010300': 0 }),
      },
    })
    expect(await findingsOf('row-count')).toMatchObject([
      {
        ...{
          level: 'error',
          file: 'price_full_file_x.csv',
          source_file: name('001', '202605010300'),
        },
        ...{ message: '3 rows, and the parser counted 5', figures: { read: 3, counted: 5 } },
      },
      { source_file: name('007', '202605010300'), message: '0 rows, and the parser counted 8' },
      { file: 'promo_file_y.csv', message: '0 rows, and the parser counted 6' },
    ])
    expect(await findingsOf('uncounted')).toMatchObject([
      {
        ...{
          level: 'warning',
          named: [name('001', '202605010500')],
          figures: { source_files: 1, rows: 4 },
        },
        message: '1 source file (4 rows) of which the parser’s status file says nothing',
      },
    ])
    expect(
      (await findingsOf('source-file-empty')).map((one) => [formatFinding(one), one.named]),
    ).toEqual([
      [
        'warning price_full_file_x.csv: 1 of 4 source files without rows',
        [name('008', '202605010300')],
      ],
      ['warning promo_file_y.csv: 1 of 2 source files without rows', ['Promo1-002-202605010300']],
    ])
  })

  test('validation reports empty files, unreadable files and unknown columns', async () => {
    const [header = ''] = storeFile([]).split('\n')
    await write({
      v: {
        'store_file_x.csv': `${header}\n`,
        'price_full_file_x.csv': 'found_folder,file_name\nf,a\n',
        'price_full_file_y.csv': fullLists([full(1, '202605010300')], ['halal', 'itemid']),
        'promo_file_x.csv': csvOf([...KEYS, 'promotionid', 'luckynumber'], []),
        'promo_full_file_x.csv': '',
      },
    })
    await writeFile(
      join(folder, 'torn.zip'),
      zipOf({ 'price_file_x.csv': deltas([]) }, (_, crc) => crc + 1),
    )
    await writeFile(join(folder, 'none.zip'), 'no zip')
    expect((await findingsOf('unreadable')).map(formatFinding)).toEqual([
      "error price_file_x.csv: Cannot read price_file_x.csv: its bytes do not match the zip's checksum",
      'error price_full_file_x.csv: Cannot read a price file without the column chainid',
      'error promo_full_file_x.csv: Cannot read the file: it is empty',
    ])
    expect((await findingsOf('file-empty')).map(({ file }) => file)).toEqual([
      'promo_file_x.csv',
      'store_file_x.csv',
    ])
    expect((await findingsOf('unknown-column')).map(formatFinding)).toEqual([
      'warning price_full_file_y.csv: 1 unknown column: halal',
      'warning promo_file_x.csv: 1 unknown column: luckynumber',
    ])
    const { errors } = await validate()
    expect(errors).toEqual([expect.stringContaining('none.zip')])
  })

  test("validation reports rejects by reason, as an error from 1% of the file's rows", async () => {
    const bad = [item('101', 'abc'), item('102', 'x5'), item("''", '5')]
    await write({
      v: {
        'price_full_file_x.csv': fullLists([{ at: '202605010300', rows: [...items(197), ...bad] }]),
        'price_full_file_y.csv': fullLists([
          { at: '202605010300', rows: [...items(198), ...bad.slice(1)] },
        ]),
      },
    })
    const findings = await findingsOf('rejects')
    expect(findings.map(formatFinding)).toEqual([
      'error price_full_file_x.csv: 2 rows (1.0%): a price that cannot be read',
      'warning price_full_file_x.csv: 1 row (0.5%): no item code',
      'warning price_full_file_y.csv: 1 row (0.5%): a price that cannot be read',
      'warning price_full_file_y.csv: 1 row (0.5%): no item code',
    ])
    expect(findings[0]).toMatchObject({
      ...{ source_file: name('001', '202605010300'), line: 199, figures: { rows: 2, share: 0.01 } },
      named: [
        `${name('001', '202605010300')} line 199: a price that cannot be read: abc: ,,,,,,101,מוצר 101,abc`,
        `${name('001', '202605010300')} line 200: a price that cannot be read: x5: ,,,,,,102,מוצר 102,x5`,
      ],
    })
  })
})

describe('versions beside each other', () => {
  test("validation reports a chain's file that earlier versions had", async () => {
    const prices = (at: string) => ({
      'price_full_file_x.csv': fullLists([full(3, `${at}0300`)]),
      'price_full_file_y.csv': fullLists([full(3, `${at}0300`, '1', OTHER)]),
      'store_file_x.csv': storeFile([{ store: '1', at: `${at}0100`, rows: [{ storename: 'א' }] }]),
    })
    await write({
      '2026-04-01': {
        'promo_file_x.csv': csvOf(
          [...KEYS, 'promotionid'],
          [{ file_name: 'Promo1', promotionid: '1' }],
        ),
      },
      '2026-05-01': prices('20260501'),
      '2026-05-02': prices('20260502'),
      // the second chain under its other name, and deltas of the first one
      '2026-05-03': {
        'price_full_file_y_new_source.csv': fullLists([full(3, '202605030300', '1', OTHER)]),
        'price_file_x.csv': deltas([full(1, '202605030300')]),
      },
      '2026-05-09': {
        'price_full_file_z.csv': fullLists([full(3, '202605090300', '9', '7290000000031')]),
      },
      '2026-05-20': {
        'price_full_file_z.csv': fullLists([full(3, '202605200300', '9', '7290000000031')]),
      },
      '2026-07-01': {
        'price_full_file_z.csv': fullLists([full(3, '202607010300', '9', '7290000000031')]),
      },
    })
    const missing = async (version: string) =>
      (await findingsOf('file-missing', version)).map(formatFinding).sort()
    expect(await missing('2026-05-01')).toEqual([
      'warning promo_file_x.csv: missing: 1 earlier version had it, last 2026-04-01',
    ])
    expect(await missing('2026-05-03')).toEqual([
      'warning price_full_file_x.csv: missing: 2 earlier versions had it, last 2026-05-02',
      'warning store_file_x.csv: missing: 2 earlier versions had it, last 2026-05-02',
    ])
    expect(await missing('2026-05-09')).toEqual([
      'error price_full_file_x.csv: missing: 2 earlier versions had it, last 2026-05-02',
      'error price_full_file_y_new_source.csv: missing: 3 earlier versions had it, last 2026-05-03',
      'warning price_file_x.csv: missing: 1 earlier version had it, last 2026-05-03',
      'warning store_file_x.csv: missing: 2 earlier versions had it, last 2026-05-02',
    ])
    expect((await missing('2026-05-20')).filter((line) => line.startsWith('error'))).toEqual([])
    expect(await missing('2026-05-20')).toHaveLength(4)
    expect(await missing('2026-07-01')).toEqual([])
  })

  test("validation compares the items in a chain's last full lists with the median of earlier days", async () => {
    const day = (at: string, ...counts: number[]) => ({
      'price_full_file_x.csv': fullLists(
        counts.map((count, i) => full(count, `${at}0300`, String(i + 1))),
      ),
    })
    await write({
      '2026-05-01': day('20260501', 10, 10),
      '2026-05-02': day('20260502', 10, 20),
      '2026-05-03': day('20260503', 10, 25),
      '2026-05-04': day('20260504', 46),
      '2026-05-05': {
        'price_full_file_x.csv': fullLists([full(60, '202605050300'), full(14, '202605052200')]),
        'price_file_x.csv': deltas([full(40, '202605052300')]),
      },
      '2026-05-06': day('20260506', 20),
    })
    expect(await findingsOf('item-count')).toMatchObject([
      {
        ...{
          level: 'warning',
          chain_id: CHAIN,
          message: '46 items in 1 store; the median of 3 earlier days is 30 in 2',
        },
        figures: { items: 46, stores: 1, usual_items: 30, usual_stores: 2, days: 3 },
      },
      { level: 'error', message: '14 items in 1 store; the median of 4 earlier days is 32.5 in 2' },
    ])
    expect(await findingsOf('item-count', '2026-05-06')).toEqual([])
  })

  test('validation reports silent stores, stores without lists and stores missing in store files', async () => {
    const stores = [
      { storename: 'א' },
      { storeid: '2', storename: 'ב' },
      { storeid: '8', storename: 'ח' },
    ]
    await write({
      '2026-05-01': {
        'price_full_file_x.csv': fullLists([
          full(3, '202605010300'),
          full(3, '202605012359', '2'),
          full(3, '202605010300', '5'),
        ]),
        'price_full_file_y.csv': fullLists([full(3, '202605010300', '1', OTHER)]),
        'store_file_x.csv': storeFile([{ store: '1', at: '202605010100', rows: stores }]),
      },
      '2026-05-08': {
        'price_file_x.csv': deltas([full(1, '202605080300', '2'), full(1, '202605080300', '5')]),
        'price_full_file_y.csv': fullLists([full(3, '202605020300', '1', OTHER)]),
      },
    })
    expect(await findingsOf('store-silent')).toMatchObject([
      {
        ...{
          level: 'warning',
          chain_id: CHAIN,
          store_number: 1,
          message: 'no price list for 7 days, since 2026-05-01',
        },
        figures: { days: 7, last_list_at: '2026-05-01T03:00:00+03:00' },
      },
    ])
    expect(await findingsOf('store-unlisted')).toMatchObject([
      {
        chain_id: CHAIN,
        named: [`${CHAIN}/8`],
        message: '1 of 3 stores of its store file never had a price list',
      },
    ])
    expect(await findingsOf('store-undescribed')).toMatchObject([
      {
        chain_id: CHAIN,
        named: [`${CHAIN}/5`],
        message: '1 of 2 stores with price lists are in no store file',
      },
    ])
  })

  test("validation reports prices far from the product's median over all versions and chains", async () => {
    const milk = (price: string) => ({ ...item('7290000170017', price), itemname: 'חלב' })
    const list = (store: string, at: string, ...prices: string[]) => ({
      store,
      at,
      rows: prices.map(milk),
    })
    await write({
      '2026-05-01': {
        'price_full_file_x.csv': fullLists([
          list('1', '202605010300', '5.00'),
          list('2', '202605010300', '5.00'),
          list('6', '202605010300', '5.00'),
          list('7', '202605010300', '5.00'),
          list('3', '202605010300', '15.00'),
          {
            store: '4',
            at: '202605010300',
            rows: [item('17', '5'), milk('15.10'), item('18', '500')],
          },
        ]),
        'price_file_x.csv': deltas([
          list('4', '202605010900', '15.1'),
          list('5', '202605010900', '0'),
        ]),
      },
      '2026-05-02': {
        'price_full_file_y.csv': fullLists([
          { chain: OTHER, ...list('1', '202605020300', '1.66') },
        ]),
      },
    })
    expect(await findingsOf('price-outlier')).toEqual([
      {
        ...{
          check: 'price-outlier',
          level: 'warning',
          file: 'price_file_x.csv',
          line: 2,
          named: [],
        },
        ...{
          source_file: `Price${CHAIN}-004-202605010900`,
          chain_id: CHAIN,
          store_number: 4,
          product: '7290000170017',
        },
        message: '15.10 is 3.02 times the median 5.00 of 8 prices, in 2 rows',
        figures: { price: 15.1, median: 5, times: 3.02, prices: 8, rows: 2 },
      },
      expect.objectContaining({
        ...{
          file: 'price_full_file_y.csv',
          chain_id: OTHER,
          store_number: 1,
          product: '7290000170017',
          line: 2,
        },
        message: '1.66 is 1/3.01 of the median 5.00 of 8 prices',
      }),
    ])
  })
})

test('the findings for the sample equal those of its truth file', async () => {
  const options = { days: 6, stores: 12, products: 200 }
  const truth = sampleTruth(options)
  await writeSample(folder, options)
  const { versions, errors } = await validate()
  const findings = versions.flatMap((version) => version.findings)
  const findingsOfCheck = (check: Check) => findings.filter((one) => one.check === check)
  expect(errors).toEqual([])
  expect(versions.reduce((sum, { rows }) => sum + rows, 0)).toBe(
    Object.values(truth.rows).reduce((a, b) => a + b),
  )
  expect(versions.reduce((sum, version) => sum + version.price_lists, 0)).toBe(truth.price_lists)
  const rejects = { price: 0, item_code: 0, store: 0 }
  for (const { message, figures } of findingsOfCheck('rejects')) {
    const kind = /price/.test(message) ? 'price' : /item code/.test(message) ? 'item_code' : 'store'
    rejects[kind] += Number(figures.rows)
  }
  expect(rejects).toEqual(truth.rejects)
  expect([
    ...findingsOfCheck('unreadable'),
    ...findingsOfCheck('row-count'),
    ...findingsOfCheck('uncounted'),
  ]).toEqual([])
  // a column that one chain starts to publish
  expect([...new Set(findingsOfCheck('unknown-column').flatMap(({ named }) => named))]).toEqual([
    'itemkashrut',
  ])
  expect(findingsOfCheck('source-file-empty').length).toBeGreaterThan(0)
})
