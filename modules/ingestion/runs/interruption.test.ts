import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeSample } from '../../../scripts/sample/generate.ts'
import { ingest } from '../index.ts'
import { runIngest, startIngest } from '../testing/command.ts'
import { type Bench, marketOf, openBench } from '../testing/ingest.ts'
import { stopBefore } from '../testing/stops.ts'
import type { SourceVersion } from './dataset-source.ts'

const INTERRUPTED =
  'Interrupted by SIGTERM: what was read and published stays, and the next run goes on from there'

let bench: Bench
let folders: string[] = []
let undisturbed: Record<string, unknown>
beforeAll(async () => {
  bench = await openBench()
  folders = await writeSample(join(bench.folder, 'sample'), { days: 3, stores: 6, products: 40 })
  await bench.ingest(folders)
  undisturbed = await marketOf(bench.sql)
})
beforeEach(() => bench.empty())
afterAll(() => bench.close())

const staged = async () => (await bench.sql`select from ingestion.staged_lists`).length
const generation = async () =>
  Number((await bench.sql`select number from core.generation`)[0]?.number)

/**
 * A run that is paused before it writes to a table. `sendSignal` resolves when the run has noticed
 * the signal.
 */
async function startStanding(table: string, rows = 0) {
  const stop = await stopBefore(bench.url, table, rows)
  const noticed = Promise.withResolvers<void>()
  const { child, ended } = startIngest(bench.url, [...folders, '--json'], (line) => {
    if (line.includes('stopping after what is at hand; once more stops at once')) noticed.resolve()
  })
  await stop.reached()
  const sendSignal = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return noticed.promise
  }
  return { sendSignal, ended, release: stop.release }
}

const summaryOf = ({ stdout }: { stdout: string }) =>
  JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')

/**
 * Checks that the run stopped cleanly: its row has the reason, its lock is free, and the next run
 * ends in the state of one complete run.
 */
async function expectGoingOn(): Promise<void> {
  const runs =
    await bench.sql`select status, error, summary ->> 'status' as summary from ingestion.runs`
  expect([...runs]).toEqual([{ status: 'failed', error: INTERRUPTED, summary: 'failed' }])
  const before = await generation()
  expect(await bench.ingest(folders)).toMatchObject({ status: 'completed', errors: [] })
  expect(await generation()).toBeGreaterThan(before)
  expect(await marketOf(bench.sql)).toEqual(undisturbed)
}

test('an interrupted run finishes the current block and keeps what it staged', async () => {
  const { sendSignal, ended, release } = await startStanding('ingestion.staged_lists', 2)
  expect(await staged()).toBe(2)
  await sendSignal('SIGTERM')
  await release()
  const run = await ended
  expect(run.code).toBe(1)
  expect(summaryOf(run)).toMatchObject({
    errors: [INTERRUPTED],
    versions: [{ published: null, errors: [] }],
  })
  expect(await staged()).toBeGreaterThanOrEqual(3)
  await expectGoingOn()
})

test('a publish that ends within the grace time is kept, and no other version is started', async () => {
  const { sendSignal, ended, release } = await startStanding('core.outbox')
  await sendSignal('SIGTERM')
  await release()
  expect((await ended).code).toBe(1)
  expect([await generation(), await staged()]).toEqual([1, 0])
  expect([...(await bench.sql`select status from ingestion.datasets`)]).toEqual([
    { status: 'completed' },
  ])
  await expectGoingOn()
})

test('a publish longer than the grace time is rolled back and releases its lock', async () => {
  const { sendSignal, ended, release } = await startStanding('core.outbox')
  const before = performance.now()
  await sendSignal('SIGTERM')
  const run = await ended
  expect(run.code).toBe(1)
  expect(performance.now() - before).toBeLessThan(15_000)
  await release()
  expect([await generation(), await staged()]).toEqual([0, summaryOf(run).versions[0].lists_read])
  await expectGoingOn()
})

test('a second signal ends the run at once, and the next run resumes', async () => {
  const { sendSignal, ended, release } = await startStanding('ingestion.staged_lists', 2)
  await sendSignal('SIGINT')
  await sleep(2100)
  await sendSignal('SIGINT')
  expect((await ended).code).toBe(130)
  await release()
  expect(await runIngest(bench.url, folders)).toMatchObject({ code: 0 })
  expect(await marketOf(bench.sql)).toEqual(undisturbed)
})

test('an interruption aborts a running download', async () => {
  const controller = new AbortController()
  const open: SourceVersion['open'] = ({ signal }) => {
    setTimeout(() => controller.abort('SIGTERM'), 50)
    return sleep(20_000, undefined, { signal }) as Promise<never>
  }
  const source = { versions: async () => [{ name: 'v', open }] }
  const options = {
    datasetId: 'super-zol/test',
    staleAfterDays: 7,
    trigger: 'test',
    signal: controller.signal,
  }
  expect(await ingest(bench.url, source, options)).toMatchObject({
    errors: [INTERRUPTED],
    versions: [],
  })
  await expect(ingest(bench.url, source, options)).rejects.toThrow(INTERRUPTED)
  await expectGoingOn()
})
