import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDirectoryStorage } from '../../../src/storage/directory-storage.ts'
import type { FileStorage } from '../../../src/storage/file-storage.ts'
import { openS3Storage } from '../../../src/storage/s3-storage.ts'
import { NO_SERVER, openS3Server, type S3Server } from '../../../src/testing/s3-server.ts'
import { bytesOf, collect, textOf } from '../../../src/testing/streams.ts'
import { openVersion } from '../files/versions.ts'
import {
  archiveSource,
  type DatasetSource,
  ingest,
  keepingSource,
  NoVersionError,
} from '../index.ts'
import type { AskingRun, SourceVersion } from '../runs/dataset-source.ts'
import type { IngestOptions } from '../runs/load-file.ts'
import { newVersionSummary } from '../runs/summary.ts'
import {
  type Bench,
  DATASET,
  type Files,
  fullLists,
  item,
  marketOf,
  openBench,
} from '../testing/ingest.ts'
import { zipOf } from '../testing/zip.ts'
import { type Keeping, keepVersion } from './version-archive.ts'

let bench: Bench
let files = ''
let spool = ''
let storage: FileStorage
beforeAll(async () => {
  bench = await openBench()
  files = join(bench.folder, 'files')
  spool = join(bench.folder, 'spool')
})
beforeEach(async () => {
  await bench.empty()
  await rm(files, { recursive: true, force: true })
  storage = openDirectoryStorage(files)
})
afterAll(() => bench.close())

/** A version of a day: two lists, the parser's status, the day itself. */
function versionOf(day: string, price = '5'): Files {
  const at = `${day.replaceAll('-', '')}0300`
  return {
    'index.json': `{"0":"${day} 10:00:00"}`,
    'price_full_file_x.csv': fullLists([{ at, rows: [item('101', price), item('102', '7')] }]),
    'price_full_file_y.csv': fullLists([{ store: '2', at, rows: [item('101', price)] }]),
    'שופרסל.json': '{"events":[]}',
  }
}

/**
 * A source of versions by number, downloaded as zips, or as files where the number begins with f.
 */
function remote(versions: Record<string, Files>) {
  const offer = async ([name, content]: [string, Files]): Promise<SourceVersion> => {
    const folder = await bench.write(`downloads/${name}`, content)
    const path = name.startsWith('f') ? folder : `${folder}.zip`
    if (path !== folder) await writeFile(path, zipOf(content))
    return { name, open: async () => ({ ...(await openVersion(path)), name }) }
  }
  return { versions: (_: AskingRun) => Promise.all(Object.entries(versions).map(offer)) }
}

const load = (source: DatasetSource, options: Partial<IngestOptions> = {}) =>
  ingest(bench.url, source, { datasetId: DATASET, staleAfterDays: 7, trigger: 'test', ...options })

const keeping = (over: Partial<Keeping>): Keeping => {
  return {
    storage,
    datasetId: DATASET,
    source: 'https://example.com',
    keepArchives: 9,
    keepRaw: 9,
    ...over,
  }
}

/** Loads them, and keeps them. */
const loadAndKeep = (versions: Record<string, Files>, over: Partial<Keeping> = {}) =>
  load(keepingSource(remote(versions), keeping(over)))

/** Keeps versions without loading them. */
async function keep(versions: Record<string, Files>, over: Partial<Keeping> = {}): Promise<void> {
  const { signal } = new AbortController()
  for (const offered of await remote(versions).versions({ isLoaded: async () => false, signal })) {
    const version = await offered.open({ signal, report: () => {} })
    const load = { runId: 1, summary: newVersionSummary(version), files: [] }
    const [startedAt, endedAt] = [new Date(), new Date()]
    await keepVersion(keeping(over), { version, load, startedAt, endedAt, signal }).finally(() =>
      version.close(),
    )
  }
}

const keys = async (folder = '') => (await collect(storage.list(folder))).map(({ key }) => key)
const foldersOf = async (place: string) => [
  ...new Set((await keys(`${place}/`)).map((key) => key.split('/')[1])),
]
const jsonOf = async (key: string) => JSON.parse(await textOf(storage.open(key)))
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex')

const PLACES: [string, string | null][] = [
  ['a directory', null],
  ['a bucket', NO_SERVER],
]
for (const [place, absent] of PLACES) {
  describe.skipIf(absent !== null)(
    `in ${place}${absent === null ? '' : ` (not run: ${absent})`}`,
    () => {
      let server: S3Server | undefined
      beforeEach(async () => {
        if (place !== 'a bucket') return
        server ??= await openS3Server()
        storage = openS3Storage({ ...server.settings, prefix: 'kept/' })
      })
      afterAll(() => server?.close())

      test('a kept version equals the download, and can be loaded after the database is lost', async () => {
        const [first, second] = [versionOf('2026-05-01'), versionOf('2026-05-02', '6')]
        const summary = await loadAndKeep({ 411: first, f12: second })
        expect(summary).toMatchObject({ status: 'completed', errors: [] })
        const market = await marketOf(bench.sql)

        const names = Object.keys(first)
        expect(await keys()).toEqual(
          [
            'archive/2026-05-01.zip',
            ...['2026-05-01', '2026-05-02'].flatMap((day) => [
              `processed/${day}/load_summary.json`,
              ...[...names, 'download_manifest.json'].map((name) => `raw/${day}/${name}`),
            ]),
          ].sort(),
        )
        for (const name of names)
          expect(await textOf(storage.open(`raw/2026-05-01/${name}`))).toBe(first[name] ?? '')
        const zip = await collect(storage.open('archive/2026-05-01.zip'))
        expect(Buffer.concat(zip).equals(zipOf(first))).toBe(true)

        const rows: Record<string, number> = {
          'price_full_file_x.csv': 2,
          'price_full_file_y.csv': 1,
        }
        const about = {
          dataset: DATASET,
          version: '411',
          date: '2026-05-01',
          kept_at: expect.any(String),
        }
        const fileOf = (name: string) => {
          const text = first[name] ?? ''
          return {
            name,
            bytes: Buffer.byteLength(text),
            sha256: digestOf(text),
            rows: rows[name] ?? null,
          }
        }
        const manifest = await jsonOf('raw/2026-05-01/download_manifest.json')
        expect(manifest).toEqual({
          ...about,
          source: 'https://example.com',
          download_started_at: expect.any(String),
          download_ended_at: expect.any(String),
          complete: true,
          files: names.map(fileOf).sort((a, b) => (a.name < b.name ? -1 : 1)),
        })
        const moments = [manifest.download_started_at, manifest.download_ended_at, manifest.kept_at]
        expect(moments.toSorted()).toEqual(moments)
        expect(await jsonOf('processed/2026-05-01/load_summary.json')).toEqual({
          ...about,
          run_id: summary.run_id,
          ...JSON.parse(JSON.stringify(summary.versions[0])),
          files: Object.keys(rows).map(fileOf),
        })

        await bench.empty()
        const again = await load(archiveSource(storage, { datasetId: DATASET, dates: [], spool }))
        expect(again).toMatchObject({
          status: 'completed',
          versions: [{ version: '411' }, { version: 'f12' }],
        })
        expect(await marketOf(bench.sql)).toEqual(market)
        expect(await readdir(spool)).toEqual([])
      })
    },
  )
}

test('the oldest versions are removed; the newest, the one just written and foreign files stay', async () => {
  const foreign = [
    'raw/2026-04-01/x.csv',
    'raw/notes.txt',
    'archive/2026-04-01.zip',
    'archive/notes.txt',
    'other/x',
  ]
  for (const key of foreign) await storage.put(key, bytesOf(key))
  const days = (...numbers: number[]) => numbers.map((day) => `2026-05-0${day}`)
  const zips = (...numbers: number[]) => [
    '2026-04-01.zip',
    ...days(...numbers).map((day) => `${day}.zip`),
    'notes.txt',
  ]
  const few = { keepArchives: 3, keepRaw: 2 }

  for (const day of days(2, 3, 4, 5)) await keep({ [day]: versionOf(day) }, few)
  expect(await foldersOf('archive')).toEqual(zips(3, 4, 5))
  expect(await foldersOf('raw')).toEqual(['2026-04-01', ...days(4, 5), 'notes.txt'])
  expect(await foldersOf('processed')).toEqual(days(2, 3, 4, 5))

  // an old version that arrives late
  await keep({ late: versionOf('2026-05-01') }, few)
  expect(await foldersOf('archive')).toEqual(zips(1, 4, 5))
  expect(await foldersOf('raw')).toEqual(['2026-04-01', ...days(1, 5), 'notes.txt'])

  // another dataset is counted separately
  await keep({ 1: versionOf('2026-05-06') }, { ...few, datasetId: 'other/dataset' })
  expect(await foldersOf('archive')).toEqual(zips(1, 4, 5, 6))

  await keep({ 7: versionOf('2026-05-07') }, { keepArchives: 1, keepRaw: 0 })
  expect(await foldersOf('archive')).toEqual(zips(6, 7))
  expect(await foldersOf('raw')).toEqual(['2026-04-01', '2026-05-06', 'notes.txt'])
  for (const key of foreign) expect(await textOf(storage.open(key))).toBe(key)
})

test('two versions of a day have folders of their own, and one kept again replaces itself', async () => {
  const [first, second] = [versionOf('2026-05-01'), versionOf('2026-05-01', '6')]
  await keep({ 411: first, 412: second })
  expect(await keys('archive/')).toEqual(['archive/2026-05-01.zip', 'archive/2026-05-01_412.zip'])
  expect(await foldersOf('raw')).toEqual(['2026-05-01', '2026-05-01_412'])

  const { 'price_full_file_y.csv': _, ...less } = versionOf('2026-05-01', '8')
  await keep({ 412: less })
  expect(await keys('raw/2026-05-01_412/')).toEqual(
    [...Object.keys(less), 'download_manifest.json']
      .sort()
      .map((name) => `raw/2026-05-01_412/${name}`),
  )
  expect(await textOf(storage.open('raw/2026-05-01_412/price_full_file_x.csv'))).toBe(
    less['price_full_file_x.csv'] ?? '',
  )
  expect(await textOf(storage.open('raw/2026-05-01/price_full_file_x.csv'))).toBe(
    first['price_full_file_x.csv'] ?? '',
  )

  const loaded = await load(
    archiveSource(storage, { datasetId: DATASET, dates: ['2026-05-01_412'], spool }),
    {
      force: true,
    },
  )
  expect(loaded).toMatchObject({ versions: [{ version: '412' }] })
  const day = archiveSource(storage, { datasetId: DATASET, dates: ['2026-05-01'], spool })
  expect(await load(day, { force: true })).toMatchObject({
    versions: [{ version: '411' }, { version: '412' }],
  })
})

test('foreign files in the folder of a version are not overwritten', async () => {
  await storage.put('raw/2026-05-01/price_full_file_x.csv', bytesOf('mine'))
  await keep({ 411: versionOf('2026-05-01') })
  expect(await foldersOf('raw')).toEqual(['2026-05-01', '2026-05-01_411'])
  expect(await keys('raw/2026-05-01/')).toEqual(['raw/2026-05-01/price_full_file_x.csv'])
  await storage.put('archive/2026-05-02.zip', bytesOf('mine'))
  await storage.put('archive/2026-05-02_412.zip', bytesOf('mine'))
  await storage.put('archive/2026-05-02_super-zol-test_412.zip', bytesOf('mine'))
  await expect(keep({ 412: versionOf('2026-05-02') })).rejects.toThrow(
    `Cannot keep version 412 in ${files}: 2026-05-02 and 2026-05-02_412 and 2026-05-02_super-zol-test_412 are taken`,
  )
})

test('versions of other datasets of the same day and number are kept under their datasets', async () => {
  const version = { 1: versionOf('2026-05-01') }
  for (const datasetId of ['o/ka', 'o/kb', 'o/kc', 'p/kc']) await keep(version, { datasetId })
  const folders = ['2026-05-01', '2026-05-01_1', '2026-05-01_o-kc_1', '2026-05-01_p-kc_1']
  expect(await foldersOf('raw')).toEqual(folders)
  for (const datasetId of ['o/ka', 'o/kb', 'o/kc', 'p/kc']) await keep(version, { datasetId })
  expect(await foldersOf('raw')).toEqual(folders)
})

test('a version that cannot be kept is loaded, and the run reports why', async () => {
  await mkdir(files)
  await writeFile(join(files, 'raw'), 'where the folder should be')
  const summary = await loadAndKeep({ 411: versionOf('2026-05-01') })
  expect(summary.status).toBe('failed')
  expect(summary.errors).toEqual([
    expect.stringMatching(
      /^411: Cannot finish 411: Cannot keep raw\/2026-05-01\/download_manifest.json in .*: \S/,
    ),
  ])
  expect(summary.versions).toMatchObject([{ published: { spansAdded: 3 } }])
  expect(await keys('archive/')).toEqual(['archive/2026-05-01.zip'])
  expect([...(await bench.sql`select version, status from ingestion.datasets`)]).toEqual([
    { version: '411', status: 'completed' },
  ])
})

test('a failure leaves no files; files left by a kill are removed with the next version', async () => {
  const failing = (key: string) =>
    Promise.reject(new Error(`Cannot keep ${key}: the storage is gone`))
  const put: FileStorage['put'] = (key, body, options) =>
    key.endsWith('file_y.csv') ? failing(key) : storage.put(key, body, options)
  const failed = keep({ 411: versionOf('2026-05-01') }, { storage: { ...storage, put } })
  await expect(failed).rejects.toThrow(
    'Cannot keep raw/2026-05-01/price_full_file_y.csv: the storage is gone',
  )
  expect(await keys('raw/')).toEqual([])

  const killed = keep(
    { 412: versionOf('2026-05-02') },
    { storage: { ...storage, put, remove: failing } },
  )
  await expect(killed).rejects.toThrow('the storage is gone')
  expect(await keys('raw/')).toEqual(
    ['download_manifest.json', 'index.json', 'price_full_file_x.csv'].map(
      (name) => `raw/2026-05-02/${name}`,
    ),
  )
  expect((await jsonOf('raw/2026-05-02/download_manifest.json')).complete).toBe(false)
  await keep({ 413: versionOf('2026-05-03') })
  expect(await foldersOf('raw')).toEqual(['2026-05-03'])
  expect(await foldersOf('archive')).toEqual(['2026-05-01.zip', '2026-05-02.zip', '2026-05-03.zip'])
})

test('a run stopped while it keeps a version ends and reports that it was not kept', async () => {
  const stop = new AbortController()
  const put: FileStorage['put'] = (key, body, options) => {
    if (key.startsWith('raw/')) stop.abort('SIGTERM')
    return storage.put(key, body, options)
  }
  const source = keepingSource(
    remote({ 411: versionOf('2026-05-01') }),
    keeping({ storage: { ...storage, put } }),
  )
  const summary = await load(source, { signal: stop.signal })
  expect(summary.errors.join()).toMatch(/Cannot keep raw\/.*: Interrupted by SIGTERM/)
  expect(await keys('raw/')).toEqual([])
  expect(await keys('archive/')).toEqual(['archive/2026-05-01.zip'])
})

test('of the kept versions, only requested and missing ones are loaded', async () => {
  const from = (...dates: string[]) => archiveSource(storage, { datasetId: DATASET, dates, spool })
  const none = load(from())
  await expect(none).rejects.toThrow(NoVersionError)
  await expect(none).rejects.toThrow(`Cannot load versions from ${files}: none is kept there`)

  await keep({
    c: versionOf('2026-05-02'),
    d: versionOf('2026-05-01', '6'),
    b: versionOf('2026-05-03'),
  })
  expect(await load(from('2026-05-02'))).toMatchObject({
    versions: [{ version: 'c', date: '2026-05-02' }],
  })
  expect(await load(from())).toMatchObject({
    already_loaded: ['c'],
    versions: [{ version: 'd' }, { version: 'b' }],
  })
  const missing = load(from('2026-05-02', '2026-06-01'))
  await expect(missing).rejects.toThrow(NoVersionError)
  await expect(missing).rejects.toThrow(`Cannot load 2026-06-01: it is not kept in ${files}`)
})

test('a broken zip in the storage fails its version only', async () => {
  await keep({ 411: versionOf('2026-05-01'), 412: versionOf('2026-05-02') })
  await storage.put('archive/2026-05-01.zip', bytesOf('no zip'))
  await bench.empty()
  const summary = await load(archiveSource(storage, { datasetId: DATASET, dates: [], spool }))
  expect(summary).toMatchObject({ status: 'failed', versions: [{ version: '412' }] })
  expect(summary.errors).toEqual([
    expect.stringMatching(/^Cannot load archive\/2026-05-01\.zip of .*: Cannot read /),
  ])
  expect(await readdir(spool)).toEqual([])
})
