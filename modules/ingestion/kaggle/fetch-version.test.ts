import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Fault } from '../../../scripts/kaggle-server/faults.ts'
import { failure, type KaggleBench, openKaggleBench, versionOf } from '../testing/kaggle.ts'
import { fetchVersion } from './fetch-version.ts'

const FILES = versionOf('2026-05-01', '5', 50_000)
const NAMES = Object.keys(FILES)

let bench: KaggleBench
beforeAll(async () => {
  bench = await openKaggleBench({ '2026-05-01': FILES })
})
beforeEach(async () => {
  for (const list of [bench.server.requests, bench.server.faults]) list.length = 0
  await rm(bench.folder, { recursive: true, force: true })
})
afterAll(() => bench.close())

/** Downloads the version and reads its files. */
async function read(faults: Fault[] = []): Promise<Record<string, string>> {
  bench.server.faults.push(...faults)
  const work = {
    version: 1,
    folder: join(bench.folder, '1'),
    signal: new AbortController().signal,
    report: () => {},
  }
  const { files, date, close } = await fetchVersion(bench.kaggle, work, pino({ level: 'silent' }))
  expect(date).toBe('2026-05-01')
  const texts: Record<string, string> = {}
  for (const { name, open } of files)
    texts[name] = Buffer.concat(await Array.fromAsync(open())).toString()
  close()
  return texts
}

const asked = () => bench.server.requests.map(({ at, path }) => `${at} ${path.split('/').at(-1)}`)
const oneByOne = (names = NAMES) => [
  'list test',
  ...names.flatMap((name) => [`download ${name}`, `storage ${name}`]),
]
const zip = ['download test', 'storage archive.zip']
const noZip: Fault = { at: 'download', path: 'test', status: 404 }

test('a version comes as one zip', async () => {
  expect(await read()).toEqual(FILES)
  expect(asked()).toEqual(zip)
  // and is not requested again while it exists
  expect(await read()).toEqual(FILES)
  expect(asked()).toEqual(zip)
})

test('a broken zip is downloaded once more', async () => {
  expect(await read([{ at: 'storage', truncateTo: 20_000 }])).toEqual(FILES)
  expect(asked()).toEqual([...zip, ...zip])
})

test.each([
  ['there is no zip', [noZip]],
  ['it is forbidden', [{ ...noZip, status: 403 }]],
  ['it has twice another MD5', [{ at: 'storage', md5: 'wrong', times: 2 }]],
  ['it is twice cut short', [{ at: 'storage', truncateTo: 20_000, times: 2 }]],
  [
    'it is twice cut short and has no MD5',
    [{ at: 'storage', truncateTo: 20_000, md5: 'none', times: 2 }],
  ],
] as [string, Fault[]][])('file by file when %s', async (_, faults) => {
  expect(await read(faults)).toEqual(FILES)
  expect(asked().slice(-7)).toEqual(oneByOne())
})

test('a wrong byte in a zip without MD5 is detected', async () => {
  const { server } = bench
  server.faults.push({ at: 'storage', md5: 'none', flipByteAt: 30_000, times: 2 })
  expect(await read()).toEqual(FILES)
  expect(asked()).toEqual([...zip, ...zip, ...oneByOne()])
})

test('a single file may arrive inside a zip', async () => {
  const zipped: Fault = { at: 'storage', zipped: true, times: 3 }
  expect(await read([noZip, zipped])).toEqual(FILES)
  expect(await read([noZip])).toEqual(FILES)
  expect(asked().slice(-2)).toEqual(['download test', 'list test'])
})

test('a broken zip of a single file is downloaded once more', async () => {
  const broken: Fault = { at: 'storage', path: 'notes.txt', zipped: true, truncateTo: 1000 }
  expect(await read([noZip, broken])).toEqual(FILES)
})

test('a file resumes in this run and in the next', async () => {
  const cut: Fault = { at: 'storage', path: 'notes.txt', cutAfter: 10_000, pauseMs: 30 }
  const starts = () =>
    bench.server.requests.flatMap(({ path, at, from }) =>
      at === 'storage' && path.endsWith('notes.txt') ? [from] : [],
    )
  expect(await read([noZip, cut])).toEqual(FILES)
  expect(starts()).toEqual([null, 10_000])
  await rm(bench.folder, { recursive: true })
  const failing: Fault = { at: 'storage', path: 'notes.txt', status: 500, times: 5 }
  expect((await failure(read([noZip, cut, failing]))).message).toMatch(
    /^Cannot get notes.txt of version 1 from .*500/,
  )
  bench.server.requests.length = 0
  expect(await read([noZip])).toEqual(FILES)
  expect(starts()).toEqual([10_000])
  expect(asked()).not.toContain('download index.json')
})

test('a version is complete without a file that has no rows', async () => {
  const { 'notes.txt': _, ...others } = FILES
  expect(await read([noZip, { at: 'download', path: 'notes.txt', status: 404 }])).toEqual(others)
})

test('when the zip and the files fail, the error has both reasons', async () => {
  const error = await failure(read([noZip, { at: 'list', error: { code: 403, message: 'no' } }]))
  expect(error.message).toMatch(
    /^Cannot get the files of version 1 from .*403.*; its zip before that: Cannot get version 1 of .*404/,
  )
  const none: Fault = { at: 'download', status: 404, times: 4 }
  expect((await failure(read([none]))).message).toMatch(
    /^Cannot get version 1 of .*: none of its files is there; /,
  )
})

/**
 * Fetches a version of other files without its zip; answers what came, and the reasons of its
 * warnings.
 */
async function readOdd(files: Record<string, string>, faults: Fault[] = []) {
  const odd = await openKaggleBench({ '2026-05-01': files })
  odd.server.faults.push(noZip, ...faults)
  const reasons: string[] = []
  const write = (line: string) => reasons.push(JSON.parse(line).reason)
  const work = {
    version: 1,
    folder: join(odd.folder, '1'),
    signal: new AbortController().signal,
    report: () => {},
  }
  try {
    const version = await fetchVersion(odd.kaggle, work, pino({ level: 'warn' }, { write }))
    const names = version.files.map(({ name }) => name)
    version.close()
    return {
      names,
      reasons: reasons.slice(1),
      outside: existsSync(join(odd.folder, 'outside.csv')),
    }
  } finally {
    await odd.close()
  }
}

test('a name that leads out of the folder is passed over with a warning', async () => {
  const read = await readOdd({ ...FILES, '../outside.csv': 'x', 'a/../../outside.csv': 'x' })
  expect(read).toEqual({
    names: NAMES.toSorted(),
    reasons: [
      'Cannot get "../outside.csv": that is no name of a file',
      'Cannot get "a/../../outside.csv": that is no name of a file',
    ],
    outside: false,
  })
})

test.each(['.gitkeep', '.DS_Store', 'a\\b.txt'])(
  '%j is passed over with a warning',
  async (name) => {
    const { names, reasons } = await readOdd({ ...FILES, [name]: 'x' })
    expect(names).toEqual(NAMES.toSorted())
    expect(reasons).toEqual([`Cannot get ${JSON.stringify(name)}: that is no name of a file`])
  },
)

test('a file in a folder is kept by its last name, once', async () => {
  const csv = FILES['price_full_file_x.csv'] ?? ''
  const { names, reasons } = await readOdd({
    ...FILES,
    'extra/notes.md': 'x',
    'extra/price_full_file_y.csv': csv,
    'z/price_full_file_y.csv': csv,
  })
  expect(names).toEqual([...NAMES, 'notes.md', 'price_full_file_y.csv'].sort())
  expect(reasons).toEqual(['Cannot get "z/price_full_file_y.csv": a file has its name already'])
})

const useless: [string, Fault[]][] = [
  ['it is forbidden', [{ at: 'download', path: 'notes.txt', status: 403 }]],
  ['it is not there', [{ at: 'download', path: 'notes.txt', status: 404 }]],
  ['its MD5 is twice another', [{ at: 'storage', path: 'notes.txt', md5: 'wrong', times: 2 }]],
  ['a web page comes in its place', [{ at: 'storage', path: 'notes.txt', html: true }]],
]
test.each(useless)(
  'a file without prices is passed over with a warning when %s',
  async (_, faults) => {
    const { names, reasons } = await readOdd(FILES, faults)
    expect(names).toEqual(NAMES.filter((name) => name !== 'notes.txt').sort())
    expect(reasons).toEqual([expect.stringContaining('notes.txt of version 1')])
  },
)

test.each(useless)('a price file fails the version by its name when %s', async (_, faults) => {
  const path = 'price_full_file_x.csv'
  bench.server.faults.push(noZip, ...faults.map((fault) => ({ ...fault, path })))
  const work = {
    version: 1,
    folder: join(bench.folder, '1'),
    signal: new AbortController().signal,
    report: () => {},
  }
  const { files, close } = await fetchVersion(bench.kaggle, work, pino({ level: 'silent' }))
  const file = files.find(({ name }) => name === path)
  const error = await failure(Array.fromAsync(file?.open() ?? []))
  expect(error.message).toContain(`${path} of version 1`)
  close()
})

test('a file that is stored packed and sent unpacked has the hash of other bytes', async () => {
  const packed: Fault = { at: 'storage', storedPacked: true, times: 3 }
  expect(await read([noZip, packed])).toEqual(FILES)
})
