import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
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

/** Fetches the version and reads its files. */
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
  // and is not asked for again while it is there
  expect(await read()).toEqual(FILES)
  expect(asked()).toEqual(zip)
})

test('a broken zip is fetched once more', async () => {
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

test('a byte that is wrong in a zip without MD5 is found', async () => {
  const { server } = bench
  server.faults.push({ at: 'storage', md5: 'none', flipByteAt: 30_000, times: 2 })
  expect(await read()).toEqual(FILES)
  expect(asked()).toEqual([...zip, ...zip, ...oneByOne()])
})

test('a file may come as a zip of itself', async () => {
  const zipped: Fault = { at: 'storage', zipped: true, times: 3 }
  expect(await read([noZip, zipped])).toEqual(FILES)
  expect(await read([noZip])).toEqual(FILES)
  expect(asked().slice(-2)).toEqual(['download test', 'list test'])
})

test('a zip of a file that is broken is fetched once more', async () => {
  const broken: Fault = { at: 'storage', path: 'notes.txt', zipped: true, truncateTo: 1000 }
  expect(await read([noZip, broken])).toEqual(FILES)
})

test('a file goes on where it stopped, in this run and in the next', async () => {
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

test('a version without a file that holds no rows is whole', async () => {
  const { 'notes.txt': _, ...others } = FILES
  expect(await read([noZip, { at: 'download', path: 'notes.txt', status: 404 }])).toEqual(others)
})

test('what neither the zip nor the files give tells both reasons', async () => {
  const error = await failure(read([noZip, { at: 'list', error: { code: 403, message: 'no' } }]))
  expect(error.message).toMatch(
    /^Cannot get the files of version 1 from .*403.*; its zip before that: Cannot get version 1 of .*404/,
  )
  const none: Fault = { at: 'download', status: 404, times: 4 }
  expect((await failure(read([none]))).message).toMatch(
    /^Cannot get version 1 of .*: none of its files is there; /,
  )
})

test('a name that leads out of the folder is refused', async () => {
  const odd = await openKaggleBench({ '2026-05-01': { ...FILES, '../outside.csv': 'x' } })
  odd.server.faults.push(noZip)
  const work = {
    version: 1,
    folder: join(odd.folder, '1'),
    signal: new AbortController().signal,
    report: () => {},
  }
  const error = await failure(fetchVersion(odd.kaggle, work, pino({ level: 'silent' })))
  expect(error.message).toStartWith('Cannot get "../outside.csv": that is no name of a file')
  await odd.close()
})
