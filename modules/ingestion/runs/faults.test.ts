import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ingest, LockedError, NoVersionError } from '../index.ts'
import { startIngest } from '../testing/command.ts'
import {
  type Bench,
  CHAIN,
  currentOf,
  deltas,
  fullLists,
  item,
  openBench,
  storeFile,
} from '../testing/ingest.ts'
import { stopBefore } from '../testing/stops.ts'
import { zipOf } from '../testing/zip.ts'

const MILK = '7290000170130'
const AT = '202605010300'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
beforeEach(() => bench.empty())
afterAll(() => bench.close())

/**
 * The `''` decides the masking at once, so the file is read only once and a fault at its end comes
 * after its lists.
 */
const row = (price: string) => ({ ...item(MILK, price), manufacturername: "''" })
const fullListOf = (price: string, store = '1') =>
  fullLists([{ store, at: AT, rows: [row(price)] }], ['manufacturername'])

async function writeZip(name: string, bytes: Buffer): Promise<string> {
  const path = join(bench.folder, name)
  await writeFile(path, bytes)
  return path
}

/** A zip with wrong checksums for some files. */
const withWrongCrc = (files: Record<string, string>, wrong: string) =>
  zipOf(files, (name, crc) => (name === wrong ? (crc ^ 1) >>> 0 : crc))

test('an invalid or truncated zip is an error with its name, and other versions are loaded', async () => {
  const completeZip = zipOf({ 'price_full_file_x.csv': fullListOf('5') })
  const paths = [
    await writeZip('none.zip', Buffer.from('this is no zip')),
    await writeZip('short.zip', completeZip.subarray(0, completeZip.length - 30)),
    await writeZip('whole.zip', completeZip),
  ]
  const summary = await bench.ingest(paths)
  expect(summary.status).toBe('failed')
  expect(summary.errors).toEqual([
    expect.stringContaining('none.zip'),
    expect.stringContaining('short.zip'),
  ])
  expect(await currentOf(bench.sql)).toEqual([`${CHAIN}/1 ${MILK} 5.00`])
})

test('a file with a wrong checksum loads nothing, and other files of its zip are loaded', async () => {
  const files = {
    'price_full_file_x.csv': fullListOf('5', '1') + fullListOf('6', '2').replace(/^.*\n/, ''),
    'price_full_file_y.csv': fullListOf('7', '3'),
    'store_file_x.csv': storeFile([{ at: AT, rows: [{ storename: 'סניף' }] }]),
  }
  const broken = await writeZip('v.zip', withWrongCrc(files, 'price_full_file_x.csv'))
  const summary = await bench.ingest([broken])
  expect(summary.errors).toEqual([
    "v: price_full_file_x.csv: Cannot read price_full_file_x.csv: its bytes do not match the zip's checksum",
  ])
  expect(await currentOf(bench.sql)).toEqual([`${CHAIN}/3 ${MILK} 7.00`])
  await writeZip('v.zip', zipOf(files))
  expect(await bench.ingest([broken])).toMatchObject({ status: 'completed' })
  expect(await currentOf(bench.sql)).toEqual(
    [1, 2, 3].map((store) => `${CHAIN}/${store} ${MILK} ${store + 4}.00`),
  )
  expect([...(await bench.sql`select status, total_files from ingestion.datasets`)]).toEqual([
    { status: 'completed', total_files: 3 },
  ])
})

/**
 * Rows longer than the read-ahead buffer, so that all rows before them are processed before the end
 * of the file is read.
 */
const long = Array.from({ length: 400 }, (_, i) => ({
  ...row('3'),
  itemcode: String(1000 + i),
  itemname: 'א'.repeat(1000),
}))

test('a failed file does not remove a list that another file also has', async () => {
  const list = { at: AT, rows: [row('5')] }
  const files = {
    'price_full_file_x.csv': fullLists([list], ['manufacturername']),
    'price_full_file_x_new_source.csv': fullLists(
      [list, { store: '2', at: AT, rows: long }],
      ['manufacturername'],
    ),
  }
  const summary = await bench.ingest([
    await writeZip('v.zip', withWrongCrc(files, 'price_full_file_x_new_source.csv')),
  ])
  expect(summary.errors).toEqual([expect.stringContaining("do not match the zip's checksum")])
  expect(await currentOf(bench.sql)).toEqual([`${CHAIN}/1 ${MILK} 5.00`])
})

test('a file that fails midway leaves none of its lists', async () => {
  const sources = [
    { store: '1', at: AT, rows: [row('5')] },
    { store: '2', at: AT, rows: [row('5')] },
    { store: '3', at: AT, rows: long },
  ]
  const files = { 'price_full_file_x.csv': fullLists(sources, ['manufacturername']) }
  const summary = await bench.ingest([
    await writeZip('v.zip', withWrongCrc(files, 'price_full_file_x.csv')),
  ])
  expect(summary.errors).toEqual([expect.stringContaining("do not match the zip's checksum")])
  expect(await currentOf(bench.sql)).toEqual([])
  await bench.ingest([await writeZip('v.zip', zipOf(files))])
  expect(await currentOf(bench.sql)).toHaveLength(402)
})

test('a loaded file that is now unreadable is an error with its name, and other files are loaded', async () => {
  const loadedFile = { 'price_full_file_x.csv': fullListOf('5') }
  await bench.load('v1', loadedFile)
  const files = { ...loadedFile, 'price_full_file_y.csv': fullListOf('7', '2') }
  const summary = await bench.ingest([
    await writeZip('v2.zip', withWrongCrc(files, 'price_full_file_x.csv')),
  ])
  expect(summary.errors).toEqual([expect.stringContaining('price_full_file_x.csv')])
  expect(await currentOf(bench.sql)).toEqual([`${CHAIN}/1 ${MILK} 5.00`, `${CHAIN}/2 ${MILK} 7.00`])
})

test('a product whose first file fails gets its name from the next file', async () => {
  const first = { store: '1', at: AT, rows: [row('5'), ...long] }
  const files = {
    'price_full_file_a.csv': fullLists([first], ['manufacturername']),
    'price_full_file_b.csv': fullListOf('6', '2'),
  }
  await bench.ingest([await writeZip('v.zip', withWrongCrc(files, 'price_full_file_a.csv'))])
  const names = await bench.sql`select name from catalog.products where code = ${MILK}`
  expect([...names]).toEqual([{ name: `מוצר ${MILK}` }])
})

test('an unreadable index.json is ignored', async () => {
  const files = {
    'index.json': '{"0":"2026-05-01 10:00:00"}',
    'price_full_file_x.csv': fullListOf('5'),
  }
  const wrong = await bench.ingest([
    await writeZip('2026-05-02.zip', withWrongCrc(files, 'index.json')),
  ])
  expect(wrong).toMatchObject({
    status: 'completed',
    errors: [],
    versions: [{ date: '2026-05-02' }],
  })
  const nonsense = await bench.load('2026-05-03', { ...files, 'index.json': '{"0":' })
  expect(nonsense).toMatchObject({
    status: 'completed',
    errors: [],
    versions: [{ date: '2026-05-03' }],
  })
})

test('files that a killed run staged for another version are loaded under the name of the current version', async () => {
  const files = { 'price_full_file_x.csv': fullListOf('5'), 'price_file_x.csv': deltas([]) }
  await leaveStaged('v1', files)
  expect(await bench.load('v2', files)).toMatchObject({ status: 'completed', errors: [] })
  expect(await currentOf(bench.sql)).toEqual([`${CHAIN}/1 ${MILK} 5.00`])
})

test('a file that a killed run staged for one version is loaded with another version that has it', async () => {
  await leaveStaged('v1', { 'price_full_file_x.csv': fullListOf('5') })
  const summary = await bench.load('v2', {
    'price_full_file_x.csv': fullListOf('5'),
    'price_full_file_y.csv': fullListOf('7', '2'),
  })
  expect(summary).toMatchObject({ status: 'completed', errors: [] })
  expect(await currentOf(bench.sql)).toEqual([`${CHAIN}/1 ${MILK} 5.00`, `${CHAIN}/2 ${MILK} 7.00`])
})

/** Kills a run after it staged everything and before it published anything. */
async function leaveStaged(version: string, files: Record<string, string>): Promise<void> {
  const stop = await stopBefore(bench.url, 'core.outbox')
  const { child, ended } = startIngest(bench.url, [await bench.write(version, files)])
  await stop.reached()
  child.kill('SIGKILL')
  await ended
  await stop.release()
  expect(await currentOf(bench.sql)).toEqual([])
}

test('a second run during a run is refused before it uses its source or writes', async () => {
  const stop = await stopBefore(bench.url, 'core.outbox')
  const first = bench.load('v1', { 'price_full_file_x.csv': fullListOf('5') })
  await stop.reached()
  const failIfUsed = () => Promise.reject(new Error('The source was asked'))
  const options = { datasetId: 'super-zol/test', staleAfterDays: 7, trigger: 'test' }
  const second = ingest(bench.url, { versions: failIfUsed }, options)
  await expect(second).rejects.toThrow(new LockedError('Cannot start: another run holds the lock'))
  expect([...(await bench.sql`select count(*)::integer as runs from ingestion.runs`)]).toEqual([
    { runs: 1 },
  ])
  await stop.release()
  expect(await first).toMatchObject({ status: 'completed' })
  expect(await currentOf(bench.sql)).toEqual([`${CHAIN}/1 ${MILK} 5.00`])
})

test('a path without a version is a usage error, and nothing is written', async () => {
  const empty = await bench.write('empty', {})
  const text = await bench.write('text', { 'notes.txt': 'x' })
  for (const path of [join(bench.folder, 'missing'), empty, text, join(text, 'notes.txt')]) {
    await expect(bench.ingest([path])).rejects.toThrow(NoVersionError)
    await expect(bench.ingest([path])).rejects.toThrow(`Cannot load ${path}: `)
  }
  expect([...(await bench.sql`select from ingestion.runs`)]).toEqual([])
})
