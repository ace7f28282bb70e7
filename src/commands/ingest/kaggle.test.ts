import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { runIngest, startIngest } from '../../../modules/ingestion/testing/command.ts'
import { type Bench, openBench, snapshotOf } from '../../../modules/ingestion/testing/ingest.ts'
import {
  type KaggleBench,
  openKaggleBench,
  versionOf,
} from '../../../modules/ingestion/testing/kaggle.ts'

const SECRET = 'KGAT_5ecret'
const AUTHORIZATION = `Bearer ${SECRET}`

let bench: Bench
let remote: KaggleBench
let variables: Record<string, string>
beforeAll(async () => {
  bench = await openBench()
  const versions = {
    '2026-05-01': versionOf('2026-05-01', '5'),
    '2026-05-02': versionOf('2026-05-02', '6', 2_000_000),
  }
  remote = await openKaggleBench(versions, { authorization: AUTHORIZATION })
  const home = join(bench.folder, 'home')
  await mkdir(home)
  variables = {
    KAGGLE_API_ENDPOINT: remote.server.endpoint,
    DATA_DIR: bench.folder,
    HOME: home,
    KAGGLE_API_TOKEN: SECRET,
  }
})
beforeEach(async () => {
  for (const list of [remote.server.requests, remote.server.faults]) list.length = 0
  await rm(join(bench.folder, 'downloads'), { recursive: true, force: true })
  await bench.empty()
})
afterAll(async () => {
  await bench.close()
  await remote.close()
})

const kaggle = (args: string[] = [], more: Record<string, string> = {}) =>
  runIngest(bench.url, ['kaggle', ...args], { ...variables, ...more })

test('a second ingest of the same version makes one request and records its run', async () => {
  const first = await kaggle()
  expect(first).toMatchObject({ code: 0, stdout: expect.stringMatching(/^2 +1 +0 +1 /m) })
  expect(first.stderr).toContain('2: fetching 100%\n2: reading price_full_file_x.csv')
  expect(remote.server.requests.map(({ authorization }) => authorization)).toEqual([
    AUTHORIZATION,
    AUTHORIZATION,
    undefined,
  ])
  const kept = (key: string) => readFile(join(bench.folder, 'files', key))
  expect((await kept('archive/2026-05-02.zip')).equals(remote.zip(2))).toBe(true)
  const manifest = JSON.parse((await kept('raw/2026-05-02/download_manifest.json')).toString())
  expect(manifest).toMatchObject({ version: '2', source: remote.server.endpoint, complete: true })
  expect([...(await bench.sql`select manifest_path from ingestion.datasets`)]).toEqual([
    { manifest_path: 'raw/2026-05-02/download_manifest.json' },
  ])
  const before = await snapshotOf(bench.sql)
  remote.server.requests.length = 0
  expect(await kaggle()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Already loaded: 2'),
  })
  expect(remote.server.requests.map(({ at }) => at)).toEqual(['view'])
  const after = await snapshotOf(bench.sql)
  expect(Object.keys(after).filter((table) => after[table] !== before[table])).toEqual([
    'ingestion.runs',
  ])
})

test('a killed download continues in the next process', async () => {
  remote.server.faults.push({ at: 'storage', bytesPerSecond: 1_000_000 })
  const { ended } = startIngest(
    bench.url,
    ['kaggle'],
    (line, child) => {
      if (/fetching [3-9]0%/.test(line)) child.kill('SIGKILL')
    },
    variables,
  )
  expect(await ended).toMatchObject({ signal: 'SIGKILL' })
  expect(await kaggle()).toMatchObject({ code: 0 })
  const [killed, next, ...more] = remote.server.requests.filter(({ at }) => at === 'storage')
  expect(more).toEqual([])
  expect(next?.from).toBeGreaterThan(0.2 * remote.zip(2).length)
  expect(next?.from).toBeLessThanOrEqual(killed?.sent ?? 0)
  expect((next?.from ?? 0) + (next?.sent ?? 0)).toBe(remote.zip(2).length)
})

test('refused credentials fail the run and do not appear in its output', async () => {
  const wrong = {
    KAGGLE_API_TOKEN: '',
    KAGGLE_USERNAME: 'me',
    KAGGLE_KEY: 'wr0ng',
    LOG_LEVEL: 'trace',
  }
  const { code, stdout, stderr } = await kaggle(['--json'], wrong)
  expect(code).toBe(1)
  expect(stdout).toContain(
    'it refuses the credentials from KAGGLE_USERNAME and KAGGLE_KEY (401, Unauthorized)',
  )
  expect(
    stdout + stderr + JSON.stringify([...(await bench.sql`select * from ingestion.runs`)]),
  ).not.toMatch(/wr0ng|bWU6d3IwbmcK?/)
})

test('exit code 2: invalid usage', async () => {
  const wrong = [
    ['--version', '0'],
    ['--version', '1', '--all'],
    ['--since', '2026-02-30'],
    ['somewhere'],
    ['--last'],
  ]
  const ended = await Promise.all(wrong.map((args) => kaggle(args)))
  for (const { code, stderr } of ended) {
    expect(code).toBe(2)
    expect(stderr).toMatch(/^Cannot ingest: .*; npm run ingest -- --help shows how\n$/)
  }
  expect(remote.server.requests).toEqual([])
})

describe('auth --check', () => {
  const check = (more: Record<string, string> = {}) =>
    runIngest(bench.url, ['auth', '--check'], { ...variables, ...more })

  test('auth --check reports the configured credentials and whether they work', async () => {
    const host = new URL(remote.server.endpoint).host
    const [works, none, refused] = await Promise.all([
      check(),
      check({ KAGGLE_API_TOKEN: '' }),
      check({ KAGGLE_API_TOKEN: 'KGAT_wr0ng' }),
    ])
    expect(works).toMatchObject({
      code: 0,
      stdout: `Found: KAGGLE_API_TOKEN\nWorks: ${host} shows super-zol/test, whose newest version is 2\n`,
    })
    expect(none).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^None found \(.*\)\nWorks without: /),
    })
    expect(refused.code).toBe(1)
    expect(refused.stdout).toStartWith(
      'Found: KAGGLE_API_TOKEN\nDoes not work: Cannot get the dataset super-zol/test from',
    )
    expect(JSON.stringify([works, none, refused])).not.toMatch(/5ecret|wr0ng/)
  })
})
