import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fault } from '../../../../scripts/kaggle-server/faults.ts'
import { DATASET } from '../../testing/ingest.ts'
import { failure, type KaggleBench, openKaggleBench, versionOf } from '../../testing/kaggle.ts'
import type { Kaggle } from '../client/client.ts'
import { download, type Target } from './download.ts'

const signal = new AbortController().signal

let bench: KaggleBench
let whole: Buffer
let target: Target
beforeAll(async () => {
  bench = await openKaggleBench({ '2026-05-01': versionOf('2026-05-01', '5', 400_000) })
  whole = bench.zip(1)
  target = {
    name: 'version 1',
    path: `datasets/download/${DATASET}`,
    query: { datasetVersionNumber: 1 },
    identity: `${DATASET}/1`,
    to: join(bench.folder, '1/dataset.zip'),
    part: join(bench.folder, '1/parts/dataset.zip'),
  }
})
beforeEach(async () => {
  for (const list of [bench.server.requests, bench.server.faults, bench.waits, bench.reasons])
    list.length = 0
  await rm(bench.folder, { recursive: true, force: true })
})
afterAll(() => bench.close())

type Asked = { over?: Partial<Kaggle>; to?: Partial<Target>; stop?: AbortSignal }

const get = (faults: Fault[] = [], { over, to, stop = signal }: Asked = {}) => {
  bench.server.faults.push(...faults)
  return download(
    { ...bench.kaggle, ...over },
    { ...target, ...to },
    { signal: stop, report: () => {} },
  )
}

/** Breaks the connection after all sent bytes were read. */
const cut = (cutAfter: number): Fault => ({ at: 'storage', cutAfter, pauseMs: 30 })

/** The ranges requested from the storage, and the bytes it sent. */
const fetched = () =>
  bench.server.requests.flatMap(({ at, from, sent }) => (at === 'storage' ? [[from, sent]] : []))
const same = async () => (await readFile(target.to)).equals(whole)

test('a file is downloaded, checked and moved into place', async () => {
  expect(whole.length).toBeGreaterThan(250_000)
  expect(await get()).toEqual({ hashed: true })
  expect(await same()).toBe(true)
  expect(fetched()).toEqual([[null, whole.length]])
  expect(bench.server.requests.map(({ at }) => at)).toEqual(['download', 'storage'])
  expect(await get()).toEqual({ hashed: true })
  expect(bench.server.requests).toHaveLength(2)
})

describe('resumes', () => {
  test('after a broken connection, with a new address from Kaggle', async () => {
    await get([cut(100_000), cut(50_000), cut(70_000)])
    expect(await same()).toBe(true)
    expect(fetched()).toEqual([
      [null, 100_000],
      [100_000, 50_000],
      [150_000, 70_000],
      [220_000, whole.length - 220_000],
    ])
    expect(bench.server.requests.filter(({ at }) => at === 'download')).toHaveLength(4)
    // each connection brought some bytes
    expect(bench.waits).toEqual([1500, 1500, 1500])
  })

  test('after a silence, however slow the transfer was before', async () => {
    const slow: Fault = { at: 'storage', bytesPerSecond: 500_000, silentAfter: 200_000 }
    await get([slow], { over: { silenceMs: 250 } })
    expect(await same()).toBe(true)
    expect(fetched()[1]).toEqual([200_000, whole.length - 200_000])
    expect(bench.reasons).toEqual([
      expect.stringMatching(/^Cannot hear from .*: it sent nothing for 0.25 s$/),
    ])
  })

  test('after the process was killed', async () => {
    const stop = new AbortController()
    const onWait = () => stop.abort(new Error('killed'))
    const broken = get([cut(120_000)], { over: { onWait }, stop: stop.signal })
    expect((await failure(broken)).message).toBe('killed')
    await get()
    expect(await same()).toBe(true)
    expect(fetched()[1]).toEqual([120_000, whole.length - 120_000])
  })

  test('after a kill with the whole file there', async () => {
    await get()
    await mkdir(join(bench.folder, '1/parts'), { recursive: true })
    await writeFile(target.part, await readFile(target.to))
    await rm(target.to)
    await get()
    expect(await same()).toBe(true)
    expect(fetched()).toHaveLength(1)
  })

  test('after 429 and 503', async () => {
    await get([cut(100_000), { at: 'storage', status: 503, retryAfter: '3' }])
    expect(await same()).toBe(true)
    expect(bench.waits).toEqual([1500, 3000])
    expect(fetched().at(-1)).toEqual([100_000, whole.length - 100_000])
  })
})

/** Leaves a partial file as a killed process does. */
async function leavePart(bytes: number, state: Record<string, unknown> = {}): Promise<void> {
  const stop = new AbortController()
  const onWait = () => stop.abort(new Error('killed'))
  await failure(get([cut(bytes)], { over: { onWait }, stop: stop.signal }))
  const known = JSON.parse(await readFile(`${target.part}.json`, 'utf8'))
  expect(known).toMatchObject({ identity: target.identity, bytes: whole.length, ranges: true })
  expect(JSON.stringify(known)).not.toContain('Signature')
  await writeFile(`${target.part}.json`, JSON.stringify({ ...known, ...state }))
  bench.server.requests.length = 0
}

describe('starts again from the beginning', () => {
  test.each([
    ['the part of another version', { identity: `${DATASET}/0` }, null],
    ['a file that has another ETag now (If-Range)', { etag: '"another"' }, 100_000],
    ['a file that has another MD5 now', { etag: null, md5: 'AAAA' }, 100_000],
    ['a file that has another length now', { bytes: 500_000 }, 100_000],
    ['a part that is longer than the file', { etag: null, bytes: 50_000 }, null],
    ['a server that knew no ranges', { ranges: false }, null],
  ])('%s', async (_, state, from) => {
    await leavePart(100_000, state)
    await get()
    expect(await same()).toBe(true)
    expect(fetched()[0]?.[0] ?? null).toBe(from)
    expect(fetched().at(-1)?.[1]).toBe(whole.length)
  })

  test('without a readable state file', async () => {
    await leavePart(100_000)
    await writeFile(`${target.part}.json`, '{"identity": "super')
    await get()
    expect(await same()).toBe(true)
    expect(fetched()).toEqual([[null, whole.length]])
  })

  test('when the server ignores the range', async () => {
    await leavePart(100_000)
    await get([{ at: 'storage', ignoreRange: true }])
    expect(await same()).toBe(true)
    expect(fetched()).toEqual([[100_000, whole.length]])
  })

  test('when the range is past the end', async () => {
    await leavePart(100_000, { etag: null, bytes: whole.length + 10 })
    await truncate(target.part, whole.length + 5)
    await get()
    expect(await same()).toBe(true)
    expect(fetched()).toEqual([
      [whole.length + 5, 0],
      [null, whole.length],
    ])
  })
})

test('a server that always starts over and never completes is given up', async () => {
  await failure(get([{ ...cut(90_000), ignoreRange: true, times: 100 }]))
  expect(fetched()).toHaveLength(6)
})

describe('is rejected and leaves nothing', () => {
  const leftovers = async () => (await readdir(bench.folder, { recursive: true })).sort()

  test('a file with another MD5', async () => {
    const error = await failure(get([{ at: 'storage', md5: 'wrong' }]))
    expect(error).toMatchObject({ code: 'BROKEN_FILE' })
    expect(error.message).toBe('Cannot get version 1: its MD5 is not the one that Kaggle says')
    expect(await leftovers()).toEqual(['1', '1/parts'])
  })

  test('a page, JSON or an error instead of the file', async () => {
    const faults: [Fault, string][] = [
      [{ at: 'storage', html: true }, 'it sent a web page instead of the file'],
      [{ at: 'download', html: true }, 'it sent a web page instead of the file'],
      [
        { at: 'download', error: { code: 404, message: 'gone' } },
        'it has no such thing (404, gone)',
      ],
      [{ at: 'storage', error: { code: 1, message: '' } }, 'it sent JSON instead of the file'],
      [{ at: 'download', redirect: 'http://[' }, 'it redirects to nowhere'],
    ]
    for (const [fault, reason] of faults)
      expect((await failure(get([fault]))).message).toEndWith(reason)
    expect(await leftovers()).toEqual(['1', '1/parts'])
  })
})

test('without MD5 only the length is checked', async () => {
  expect(await get([{ at: 'storage', md5: 'none' }])).toEqual({ hashed: false })
  expect(await same()).toBe(true)
})

describe('the disk', () => {
  test.skipIf(process.platform !== 'linux')('is full', async () => {
    await mkdir(join(bench.folder, '1/parts'), { recursive: true })
    await symlink('/dev/full', target.part)
    const error = await failure(get())
    expect(error.message).toBe(`Cannot write ${target.part}: no space left on device`)
    expect(bench.waits).toEqual([])
  })

  test('has less space than the file needs', async () => {
    const error = await failure(get([{ at: 'storage', length: 2 ** 52 }]))
    expect(error.message).toMatch(
      /^Cannot write to \S+: 4,503,599,628 MB are needed, [\d,]+ MB are free$/,
    )
    expect(await readdir(join(bench.folder, '1/parts'))).toEqual([])
  })

  test('is not writable', async () => {
    await mkdir(bench.folder)
    await writeFile(join(bench.folder, '1'), 'a file')
    const error = await failure(get())
    expect(error.message).toMatch(/^Cannot write \S+parts: (not a directory|file already exists)$/)
    expect(bench.server.requests).toEqual([])
  })
})
