import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openVersion } from '../files/versions.ts'
import { type DatasetSource, ingest } from '../index.ts'
import type { AskingRun, SourceVersion } from '../runs/dataset-source.ts'
import type { IngestOptions } from '../runs/load-file.ts'
import { type Bench, currentOf, fullLists, item, openBench } from '../testing/ingest.ts'

let bench: Bench
let first = ''
let second = ''
beforeAll(async () => {
  bench = await openBench()
  const list = (at: string, price: string) => ({
    'price_full_file_x.csv': fullLists([{ at, rows: [item('101', price)] }]),
  })
  first = await bench.write('v1', list('202605010300', '5'))
  second = await bench.write('v2', list('202605020300', '6'))
})
beforeEach(() => bench.empty())
afterAll(() => bench.close())

const load = (source: DatasetSource, options: Partial<IngestOptions> = {}) =>
  ingest(bench.url, source, {
    datasetId: 'super-zol/test',
    staleAfterDays: 7,
    trigger: 'test',
    ...options,
  })

/** A source that offers versions that are not loaded, and records the calls to it. */
function remote(folders: Record<string, string>, over: Partial<SourceVersion> = {}) {
  const calls: string[] = []
  async function* offer({ isLoaded }: AskingRun): AsyncGenerator<SourceVersion> {
    for (const [name, folder] of Object.entries(folders)) {
      if (await isLoaded(name)) continue
      calls.push(`offer ${name}`)
      const open = async () => {
        calls.push(`open ${name}`)
        const version = await openVersion(folder)
        return { ...version, name, close: () => calls.push(`close ${name}`) }
      }
      const finished: SourceVersion['finished'] = async (version, { summary, files }) => {
        const rows = files.map((file) => `${file.name} ${file.rows} ${file.sha256.length}`)
        calls.push(`finished ${version.name} ${summary.files_read} ${rows}`)
      }
      yield { name, open, finished, ...over }
    }
  }
  return { calls, source: { versions: async (run: AskingRun) => offer(run) } }
}

const callsFor = (name: string) => [
  `offer ${name}`,
  `open ${name}`,
  `finished ${name} 1 price_full_file_x.csv 1 32`,
  `close ${name}`,
]

test('versions are requested one after the other, and a loaded version is not downloaded again', async () => {
  const { calls, source } = remote({ v1: first })
  expect(await load(source)).toMatchObject({ status: 'completed', already_loaded: [] })
  expect(calls).toEqual(callsFor('v1'))
  const more = remote({ v1: first, v2: second })
  const summary = await load(more.source)
  expect(summary).toMatchObject({
    status: 'completed',
    already_loaded: ['v1'],
    versions: [{ version: 'v2' }],
  })
  expect(more.calls).toEqual(callsFor('v2'))
  const both = remote({ v1: first, v2: second })
  expect(await load(both.source, { force: true })).toMatchObject({ already_loaded: [] })
  expect(both.calls).toEqual([...callsFor('v1'), ...callsFor('v2')])
})

test('a version whose files are all known is recorded as loaded', async () => {
  await load(remote({ v1: first }).source)
  const summary = await load(remote({ copy: first }).source)
  expect(summary).toMatchObject({ versions: [{ files_known: 1, published: null }] })
  const again = remote({ copy: first })
  expect(await load(again.source)).toMatchObject({ already_loaded: ['copy'] })
  expect(again.calls).toEqual([])
  const datasets = await bench.sql`
    select version, status, total_files, total_records, completed_at is not null as dated from ingestion.datasets
    order by id`
  const completed = { status: 'completed', total_files: 1, total_records: '1', dated: true }
  expect([...datasets]).toEqual([
    { version: 'v1', ...completed },
    { version: 'copy', ...completed },
  ])
})

test('the completion time of a version changes with new data, not with reading it again', async () => {
  const completed = async () => [
    ...(await bench.sql`select status, completed_at from ingestion.datasets`),
  ]
  const source = () => remote({ v1: first }).source
  await load(source())
  const before = await completed()
  await bench.ingest([first])
  expect(await load(source(), { force: true })).toMatchObject({
    versions: [{ published: { changed: false } }],
  })
  expect(await completed()).toEqual(before)
  const { source: grown } = remote({ v1: second })
  expect(await load(grown, { force: true })).toMatchObject({
    versions: [{ published: { changed: true } }],
  })
  const [row] = await completed()
  expect(row?.completed_at.getTime()).toBeGreaterThan(before[0]?.completed_at.getTime())
})

test('a dry run does not call finished on the source', async () => {
  const { calls, source } = remote({ v1: first })
  expect(await load(source, { dryRun: true })).toMatchObject({ status: 'completed' })
  expect(calls).toEqual(['offer v1', 'open v1', 'close v1'])
})

test('a version whose download fails stops neither the other versions nor the run', async () => {
  const reset = Object.assign(new Error('Cannot fetch v1: the connection was reset'), {
    code: 'ECONNRESET',
  })
  const { source } = remote({ v2: second })
  async function* offer(run: AskingRun): AsyncGenerator<SourceVersion> {
    yield { name: 'v1', open: () => Promise.reject(reset) }
    yield* await source.versions(run)
  }
  const summary = await load({ versions: async (run) => offer(run) })
  expect(summary).toMatchObject({
    status: 'failed',
    errors: [reset.message],
    versions: [{ version: 'v2' }],
  })
  expect(await currentOf(bench.sql)).toHaveLength(1)
})

test('an error of the source after the load is an error of the run', async () => {
  const full = () =>
    Promise.reject(Object.assign(new Error('the disk is full'), { code: 'ECONNABORTED' }))
  const { source } = remote({ v1: first }, { finished: full })
  expect(await load(source)).toMatchObject({
    status: 'failed',
    errors: ['v1: Cannot finish v1: the disk is full'],
  })
  expect(await currentOf(bench.sql)).toHaveLength(1)
})

test('an error while the source lists its versions fails the run, whose row has the error', async () => {
  // biome-ignore lint/correctness/useYield: it only throws
  async function* offer(): AsyncGenerator<SourceVersion> {
    throw new Error('Cannot ask for the versions: 503')
  }
  expect(await load({ versions: async () => offer() })).toMatchObject({
    status: 'failed',
    versions: [],
  })
  expect([...(await bench.sql`select status, error from ingestion.runs`)]).toEqual([
    { status: 'failed', error: 'Cannot ask for the versions: 503' },
  ])
})

test('a lost connection aborts a running download', async () => {
  const fetching = Promise.withResolvers<void>()
  const open: SourceVersion['open'] = ({ signal }) => {
    fetching.resolve()
    return sleep(20_000, undefined, { signal }) as Promise<never>
  }
  const running = load(remote({ v1: first }, { open }).source)
  await fetching.promise
  await bench.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'super-zol ingest'`
  const summary = await running
  expect(summary).toMatchObject({
    status: 'failed',
    versions: [],
    errors: [expect.stringMatching(/connection/)],
  })
})
