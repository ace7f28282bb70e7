import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseString } from 'fast-csv'
import { checkDigit } from './codes.ts'
import { type SampleOptions, sampleTruth, writeSample } from './generate.ts'
import { createWorld } from './world.ts'

const small: SampleOptions = { days: 12, stores: 20, products: 600 }
let root = ''
let folders: string[] = []
/** The files of the small sample by `day/name`. */
const files = new Map<string, string>()

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sample-'))
  folders = await writeSample(join(root, 'first'), small)
  for (const [name, text] of await readFiles(folders)) files.set(name, text)
})
afterAll(() => rm(root, { recursive: true }))

async function readFiles(from: string[]): Promise<[name: string, text: string][]> {
  const all: [string, string][] = []
  for (const folder of from) {
    for (const name of (await readdir(folder)).sort()) {
      all.push([`${basename(folder)}/${name}`, await readFile(join(folder, name), 'utf8')])
    }
  }
  return all
}

async function digest(options: SampleOptions): Promise<string> {
  const all = await readFiles(await writeSample(await mkdtemp(join(root, 'again-')), options))
  return createHash('sha256').update(all.flat().join('\0')).digest('hex')
}

function matching(pattern: RegExp): [name: string, text: string][] {
  return [...files].filter(([name]) => pattern.test(name))
}

async function rowsOf(text: string): Promise<Record<string, string>[]> {
  const rows: Record<string, string>[] = []
  await new Promise((resolve, reject) => {
    parseString<Record<string, string>, Record<string, string>>(text, { headers: true })
      .on('data', (row) => rows.push(row))
      .on('error', reject)
      .on('end', resolve)
  })
  return rows
}

test('the same seed gives the same bytes; another seed gives other bytes', async () => {
  const tiny = { days: 2, stores: 6, products: 100 }
  // Changes with the generator, and with nothing else.
  expect(await digest(tiny)).toBe(
    'ac0a95efbe1e3b3d3ffcb716813ee5f18fcd371269ae5fe3c3d854e37f320761',
  )
  expect(await digest({ ...tiny, seed: 2 })).not.toBe(await digest(tiny))
})

test('the truth counts the rows that are in the files', async () => {
  const rows: Record<string, number> = {
    price_full: 0,
    price: 0,
    store: 0,
    promo_full: 0,
    promo: 0,
  }
  for (const [name, text] of matching(/\.csv$/)) {
    const family = /\/(\w+?)_file_/.exec(name)?.[1] ?? name
    rows[family] = (rows[family] ?? 0) + (await rowsOf(text)).length
  }
  expect(rows).toEqual(sampleTruth(small).rows)
})

test('the status files count the rows of every source file', async () => {
  const { rows } = sampleTruth(small)
  const all = Object.values(rows).reduce((sum, count) => sum + count, 0)
  const counts = matching(/_file\.json$/).flatMap(([, text]) =>
    (JSON.parse(text) as { parsed_files: { row_count: number }[] }).parsed_files.map(
      (file) => file.row_count,
    ),
  )
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(all)
  expect(counts).toContain(0)
})

describe('the files have the faults of real ones', () => {
  test('masking in the old and the new form, and without any pair of single quotes', () => {
    const old = matching(/price_full_file_dag_zahav_\d{8}\.csv$/)
    expect(old.length).toBe(3)
    for (const [, text] of old) expect(text).not.toContain("''")
    const full = matching(/price_full_file_kipod_zol\.csv$/).filter(
      ([, text]) => !text.includes("''"),
    )
    expect(full.length).toBeGreaterThan(5)
    expect(files.get('2026-05-03/price_full_file_dukhifat_market.csv')).toContain(",'',")
  })

  test('mixed line ends, line breaks in cells, rows of commas only', () => {
    const mixed = files.get('2026-05-03/price_full_file_gamal_katan.csv') ?? ''
    expect(mixed).toMatch(/\r\n/)
    expect(mixed).toMatch(/[^\r]\n/)
    expect(matching(/price_full/).some(([, text]) => /\n""מהדורה/.test(text))).toBe(true)
    expect(matching(/store_file/).some(([, text]) => /\r\n",/.test(text))).toBe(true)
    expect(matching(/price_full/).some(([, text]) => /\n,+\n/.test(text))).toBe(true)
  })

  test('two slugs of one chain, renamed and new columns, missing and empty store files', () => {
    expect(matching(/price_full_file_sal_hatzvi_new_source\.csv$/).length).toBe(6)
    expect(files.get('2026-05-03/price_full_file_kipod_zol.csv')).toContain(
      'itemnm,manufacturename',
    )
    const withColumn = matching(/price_full_file_gamal_katan\.csv$/).filter(([, text]) =>
      text.includes(',itemkashrut,'),
    )
    expect(withColumn.length).toBe(6)
    expect(matching(/store_file_dag_zahav\.csv$/).length).toBe(2)
    expect(
      matching(/store_file_sal_hatzvi\.csv$/).filter(
        ([, text]) => text.trim().split('\n').length === 1,
      ).length,
    ).toBe(6)
    expect(files.get('2026-05-03/store_file_kipod_zol.csv')).toMatch(/,(3000|5000|4000|9000),/)
  })

  test('bad rows of each kind, repeated codes, sold-out goods, and a store without new lists', () => {
    const truth = sampleTruth(small)
    expect(truth.rejects).toEqual({ price: 24, item_code: 12, store: 12 })
    expect(truth.repeated_codes_in_a_list).toBeGreaterThan(0)
    expect(truth.not_for_sale_rows).toBeGreaterThan(truth.rejects.price)
    expect(truth.price_spans).toBeGreaterThan(truth.current_total)
    expect(truth.last_observed['7299200000023/4']).toStartWith('2026-04-24')
    expect(truth.stores).toBe(20)
  })
})

test('3,000 products: barcodes of GS1’s range for examples with a check digit, and short codes that chains share', () => {
  const { articles } = createWorld()
  expect(articles.length).toBe(3000)
  const barcodes = articles.filter(({ chain }) => chain === undefined).map(({ code }) => code)
  for (const code of barcodes) {
    expect(code).toMatch(/^952(\d{5}|\d{10})$/)
    expect(checkDigit(code.slice(0, -1))).toBe(code.slice(-1))
  }
  expect(new Set(barcodes).size).toBe(barcodes.length)
  const loose = Map.groupBy(
    articles.filter(({ chain }) => chain !== undefined),
    ({ code }) => code,
  )
  const shared = [...loose.values()].filter((goods) => goods.length > 1)
  expect(shared.length).toBeGreaterThan(30)
  for (const goods of shared) expect(new Set(goods.map(({ noun }) => noun)).size).toBe(goods.length)
  expect(articles.filter(({ noun }) => noun === 'חלב').length).toBeGreaterThan(50)
})

test('impossible options are rejected', async () => {
  await expect(writeSample(root, { stores: 5 })).rejects.toThrow('Cannot place 5 stores')
  await expect(writeSample(root, { products: 9999 })).rejects.toThrow('Cannot make')
  await expect(writeSample(root, { lastDay: 'gestern' })).rejects.toThrow(
    'Cannot read the last day',
  )
})
