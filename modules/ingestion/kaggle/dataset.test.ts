import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { inspect } from 'node:util'
import { DATASET } from '../testing/ingest.ts'
import { failure, type KaggleBench, openKaggleBench, versionOf } from '../testing/kaggle.ts'
import type { Kaggle } from './client/client.ts'
import { findCredentials } from './client/credentials.ts'
import { PATIENCE } from './client/retry.ts'
import { listFiles, viewDataset } from './dataset.ts'

const SECRET = 'KGAT_5ecret'
const signal = new AbortController().signal

let bench: KaggleBench
let host = ''
beforeAll(async () => {
  bench = await openKaggleBench(
    { '2026-05-01': versionOf('2026-05-01', '5'), '2026-05-02': versionOf('2026-05-02', '6') },
    { authorization: `Bearer ${SECRET}` },
  )
  host = new URL(bench.server.endpoint).host
})
beforeEach(() => {
  for (const list of [bench.server.requests, bench.server.faults, bench.waits, bench.reasons])
    list.length = 0
})
afterAll(() => bench.close())

async function withToken(token: string): Promise<Kaggle> {
  const settings = { kaggleApiToken: token, kaggleUsername: '', kaggleKey: '' }
  return { ...bench.kaggle, credentials: await findCredentials(settings, { warn: () => {} }) }
}

const view = async (kaggle = bench.kaggle) => viewDataset(kaggle, signal)

test('one request gets the versions and their dates', async () => {
  expect(await view()).toEqual({
    newest: { number: 2, created: '2026-05-02T20:30:00.000Z' },
    versions: [
      { number: 1, created: '2026-05-01T20:30:00.000Z' },
      { number: 2, created: '2026-05-02T20:30:00.000Z' },
    ],
  })
  expect(bench.server.requests).toHaveLength(1)
})

test('the files are listed page after page', async () => {
  const files = await Array.fromAsync(listFiles(bench.kaggle, 1, { signal, pageSize: 2 }))
  expect(files.map(({ name }) => name)).toEqual([
    'index.json',
    'notes.txt',
    'price_full_file_x.csv',
  ])
  expect(files[0]).toEqual({ name: 'index.json', bytes: 27, created: '2026-05-01T20:30:00.000Z' })
  expect(bench.server.requests.map(({ at }) => at)).toEqual(['list', 'list'])
})

describe('credentials', () => {
  test('are sent to the API', async () => {
    await view(await withToken(SECRET))
    expect(bench.server.requests[0]?.authorization).toBe(`Bearer ${SECRET}`)
  })

  test('that are rejected are named by where they were found', async () => {
    await expect(view(await withToken('KGAT_0ther'))).rejects.toThrow(
      `Cannot get the dataset ${DATASET} from ${host}: it refuses the credentials from KAGGLE_API_TOKEN (401, Unauthorized)`,
    )
  })

  test('are not sent to another host, and errors that repeat them hide them', async () => {
    const other = await openKaggleBench({ '2026-05-01': versionOf('2026-05-01', '5') })
    bench.server.faults.push({
      at: 'view',
      redirect: `${other.server.endpoint}/datasets/view/${DATASET}?key=s1gned`,
    })
    other.server.faults.push({ at: 'view', error: { code: 403, message: `no ${SECRET} here` } })
    const error = await failure(view(await withToken(SECRET)))
    const otherHost = new URL(other.server.endpoint).host
    expect(error.message).toBe(
      `Cannot get the dataset ${DATASET} from ${otherHost}: it forbids that (403, no … here)`,
    )
    expect(inspect(error, { depth: 9 })).not.toMatch(/5ecret|s1gned/)
    expect(other.server.requests[0]?.authorization).toBeUndefined()
    await other.close()
  })
})

describe('an invalid response', () => {
  const cannot = (reason: string) => `Cannot get the dataset ${DATASET} from ${host}: ${reason}`

  test('an error under 200', async () => {
    bench.server.faults.push({ at: 'view', error: { code: 404, message: 'Dataset\n not found' } })
    await expect(view()).rejects.toThrow(cannot('it has no such thing (404, Dataset not found)'))
    expect(bench.waits).toEqual([])
  })

  test('a page instead of JSON', async () => {
    bench.server.faults.push({ at: 'view', html: true })
    await expect(view()).rejects.toThrow(cannot('it sent a web page instead of JSON'))
  })

  test('an error of the list', async () => {
    bench.server.faults.push({ at: 'list', error: { code: 0, message: '' } })
    const files = Array.fromAsync(listFiles(bench.kaggle, 1, { signal }))
    await expect(files).rejects.toThrow(
      `Cannot get the files of version 1 from ${host}: what it sent is no list of files`,
    )
  })

  test('redirects in a circle', async () => {
    const circle = `${bench.server.endpoint}/datasets/view/${DATASET}`
    bench.server.faults.push({ at: 'view', redirect: circle, times: 9 })
    await expect(view()).rejects.toThrow(
      `Cannot get the dataset ${DATASET}: there are more than 5 redirects`,
    )
  })
})

describe('a temporary failure', () => {
  test('429 waits for Retry-After, 500 for the usual time', async () => {
    bench.server.faults.push(
      { at: 'view', status: 429, retryAfter: '9' },
      { at: 'view', status: 500, times: 2 },
    )
    expect((await view()).newest.number).toBe(2)
    expect(bench.waits).toEqual([9000, 2500, 4500])
    expect(bench.reasons[0]).toBe(
      `Cannot get the dataset ${DATASET} from ${host}: it was asked too often (429, answering 429 as configured)`,
    )
  })

  test('429 inside a 200 waits too', async () => {
    bench.server.faults.push({ at: 'view', error: { code: 429, message: 'Too many requests' } })
    expect((await view()).newest.number).toBe(2)
    expect(bench.waits).toEqual([1500])
  })

  test('is given up after five retries', async () => {
    bench.server.faults.push({ at: 'view', status: 503, times: 100 })
    await expect(view()).rejects.toThrow('it failed (503, answering 503 as configured)')
    expect(bench.server.requests).toHaveLength(6)
  })

  test('no server', async () => {
    const kaggle = { ...bench.kaggle, endpoint: 'http://127.0.0.1:1/api/v1' }
    await expect(view(kaggle)).rejects.toThrow('Cannot hear from 127.0.0.1:1: ECONNREFUSED')
    expect(bench.waits).toHaveLength(5)
  })
})

test('an abort ends the wait at once', async () => {
  bench.server.faults.push({ at: 'view', status: 503 })
  const stop = new AbortController()
  const onWait = () => stop.abort(new Error('enough'))
  await expect(
    viewDataset({ ...bench.kaggle, patience: PATIENCE, onWait }, stop.signal),
  ).rejects.toThrow('aborted')
})
