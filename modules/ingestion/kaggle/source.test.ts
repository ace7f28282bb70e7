import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import type { Fault } from '../../../scripts/kaggle-server/faults.ts'
import { ingest } from '../index.ts'
import type { IngestOptions } from '../runs/load-file.ts'
import { type Bench, CHAIN, currentOf, DATASET, openBench, snapshotOf } from '../testing/ingest.ts'
import { type KaggleBench, openKaggleBench, versionOf } from '../testing/kaggle.ts'
import type { Choice } from './choose-versions.ts'
import { kaggleSource } from './source.ts'

const DAYS = ['2026-05-01', '2026-05-02', '2026-05-03']

let bench: Bench
let remote: KaggleBench
beforeAll(async () => {
  bench = await openBench()
  remote = await openKaggleBench(
    Object.fromEntries(DAYS.map((day, i) => [day, versionOf(day, String(i + 5), 50_000)])),
  )
})
beforeEach(async () => {
  for (const list of [remote.server.requests, remote.server.faults, remote.waits, remote.reasons])
    list.length = 0
  await rm(remote.folder, { recursive: true, force: true })
  await bench.empty()
})
afterAll(async () => {
  await bench.close()
  await remote.close()
})

function load(
  choice: Choice = {},
  { faults = [], ...options }: Partial<IngestOptions> & { faults?: Fault[] } = {},
) {
  remote.server.faults.push(...faults)
  const source = kaggleSource(async () => remote.kaggle, {
    choice,
    downloads: remote.folder,
    dryRun: options.dryRun === true,
    log: pino({ level: 'silent' }),
  })
  return ingest(bench.url, source, {
    datasetId: DATASET,
    staleAfterDays: 7,
    trigger: 'test',
    ...options,
  })
}

const asked = () => remote.server.requests.map(({ at, path }) => `${at} ${path.split('/').at(-1)}`)
const versionsOf = async () => {
  const rows =
    await bench.sql`select version, download_date::text as day, status from ingestion.datasets order by id`
  return rows.map(({ version, day, status }) => `${version} ${day} ${status}`)
}
const left = async () =>
  existsSync(remote.folder) ? await readdir(join(remote.folder, ...DATASET.split('/'))) : []

describe('which versions', () => {
  test('the newest one; the second time only the list is requested', async () => {
    expect(await load()).toMatchObject({
      status: 'completed',
      versions: [{ version: '3', date: '2026-05-03' }],
    })
    expect(await versionsOf()).toEqual(['3 2026-05-03 completed'])
    expect(await currentOf(bench.sql)).toEqual([
      `${CHAIN}/1 CODE 7.00`.replace('CODE', `${CHAIN}-101`),
    ])
    expect(asked()).toEqual(['view test', 'download test', 'storage archive.zip'])
    expect(await left()).toEqual([])
    const before = await snapshotOf(bench.sql)
    remote.server.requests.length = 0
    expect(await load()).toMatchObject({ status: 'completed', already_loaded: ['3'], versions: [] })
    expect(asked()).toEqual(['view test'])
    const after = await snapshotOf(bench.sql)
    const changed = Object.keys(after).filter((table) => after[table] !== before[table])
    expect(changed).toEqual(['ingestion.runs'])
  })

  test('one by its number, then all, oldest first', async () => {
    await load({ version: 2 })
    expect(await versionsOf()).toEqual(['2 2026-05-02 completed'])
    remote.server.requests.length = 0
    expect(await load({ all: true })).toMatchObject({
      versions: [{ version: '1' }, { version: '3' }],
    })
    expect(remote.server.requests.map(({ at }) => at)).toEqual([
      'view',
      'download',
      'storage',
      'download',
      'storage',
    ])
  })

  test('since a day', async () => {
    expect(await load({ since: '2026-05-02' })).toMatchObject({
      versions: [{ version: '2' }, { version: '3' }],
    })
    expect(await load({ since: '2026-05-04' })).toMatchObject({ status: 'completed', versions: [] })
  })

  test('one that does not exist', async () => {
    const { status, errors } = await load({ version: 9 })
    expect(status).toBe('failed')
    expect(errors).toEqual([`Cannot load version 9 of ${DATASET}: the newest is 3`])
    expect([...(await bench.sql`select status from ingestion.runs`)]).toEqual([
      { status: 'failed' },
    ])
  })
})

const noZip: Fault = { at: 'download', path: 'test', status: 404 }

test('a listed but missing file is named, and the next run requests it again', async () => {
  const gone: Fault = { at: 'download', path: '.csv', status: 404 }
  const first = await load({}, { faults: [noZip, gone] })
  expect(first.errors).toEqual([
    expect.stringMatching(
      /^3: price_full_file_x.csv: Cannot get price_full_file_x.csv of version 3 from .*\(404/,
    ),
  ])
  expect(await versionsOf()).toEqual(['3 2026-05-03 failed'])
  expect(await left()).toEqual(['3'])
  remote.server.requests.length = 0
  expect(await load({}, { faults: [noZip] })).toMatchObject({ status: 'completed' })
  expect(asked().slice(2)).toEqual([
    'list test',
    'download price_full_file_x.csv',
    'storage price_full_file_x.csv',
  ])
  expect(await left()).toEqual([])
})

test('without index.json the day is the day of the upload', async () => {
  const { 'index.json': _, ...files } = versionOf('2026-05-01', '5')
  const undated = await openKaggleBench({ '2026-05-01': files })
  const source = kaggleSource(async () => undated.kaggle, {
    choice: {},
    downloads: undated.folder,
    dryRun: false,
    log: pino({ level: 'silent' }),
  })
  await ingest(bench.url, source, { datasetId: DATASET, staleAfterDays: 7, trigger: 'test' })
  await undated.close()
  expect(await versionsOf()).toEqual(['1 2026-05-01 completed'])
})

test('a dry run leaves nothing and does not touch a parallel run', async () => {
  await mkdir(join(remote.folder, DATASET, '3'), { recursive: true })
  expect(await load({}, { dryRun: true })).toMatchObject({
    status: 'completed',
    versions: [{ rows: { price_full: 1 } }],
  })
  expect(await left()).toEqual(['3'])
  expect(await load({}, { dryRun: true, faults: [{ ...noZip, status: 401 }] })).toMatchObject({
    status: 'failed',
  })
  expect(await left()).toEqual(['3'])
})

test('abandoned partial downloads are removed after a week', async () => {
  const [old, young] = [join(remote.folder, DATASET, '1'), join(remote.folder, DATASET, '2')]
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000)
  for (const path of [old, young]) await mkdir(path, { recursive: true })
  await utimes(old, daysAgo(8), daysAgo(8))
  await utimes(young, daysAgo(6), daysAgo(6))
  await load()
  expect(await left()).toEqual(['2'])
})
