import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writeSample } from '../../scripts/sample/generate.ts'
import { runIngest, startIngest } from './command.testing.ts'
import { ingest } from './index.ts'
import type { SourceVersion } from './source.ts'
import { stopBefore } from './stops.testing.ts'
import { type Bench, marketOf, openBench } from './testing.ts'

const INTERRUPTED = 'Interrupted by SIGTERM: what was read and published stays, and the next run goes on from there'

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
const generation = async () => Number((await bench.sql`select number from core.generation`)[0]?.number)

/** The run was stopped in order: its row says so, its lock is free, and the next run ends where one run would have. */
async function expectGoingOn(): Promise<void> {
  const runs = await bench.sql`select status, error, summary ->> 'status' as summary from ingestion.runs`
  expect([...runs]).toEqual([{ status: 'failed', error: INTERRUPTED, summary: 'failed' }])
  const before = await generation()
  expect(await bench.ingest(folders)).toMatchObject({ status: 'completed', errors: [] })
  expect(await generation()).toBeGreaterThan(before)
  expect(await marketOf(bench.sql)).toEqual(undisturbed)
}

test('the block at hand is read to its end, and what is staged stays', async () => {
  const stop = await stopBefore(bench.url, 'ingestion.staged_lists', 2)
  const { child, ended } = startIngest(bench.url, [...folders, '--json'])
  await stop.reached()
  expect(await staged()).toBe(2)
  child.kill('SIGTERM')
  await sleep(100)
  await stop.release()
  const { code, stdout, stderr } = await ended
  expect(code).toBe(1)
  expect(stderr).toContain('SIGTERM: stopping after what is at hand; once more stops at once')
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
    errors: [INTERRUPTED],
    versions: [{ published: null, errors: [] }],
  })
  expect(await staged()).toBeGreaterThanOrEqual(3)
  await expectGoingOn()
})

test('a publish that ends in time stays, and no other version is begun', async () => {
  const stop = await stopBefore(bench.url, 'core.outbox')
  const { child, ended } = startIngest(bench.url, folders)
  await stop.reached()
  child.kill('SIGTERM')
  await sleep(100)
  await stop.release()
  expect((await ended).code).toBe(1)
  expect([await generation(), await staged()]).toEqual([1, 0])
  expect([...(await bench.sql`select status from ingestion.datasets`)]).toEqual([{ status: 'completed' }])
  await expectGoingOn()
})

test('a publish that takes longer is rolled back, and its lock is free', async () => {
  const stop = await stopBefore(bench.url, 'core.outbox')
  const { child, ended } = startIngest(bench.url, [...folders, '--json'])
  await stop.reached()
  const before = performance.now()
  child.kill('SIGTERM')
  const { code, stdout } = await ended
  expect(code).toBe(1)
  expect(performance.now() - before).toBeLessThan(8000)
  await stop.release()
  const [version] = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '').versions
  expect([await generation(), await staged()]).toEqual([0, version.lists_read])
  await expectGoingOn()
}, 20_000)

test('a second signal ends it at once, and the next run goes on', async () => {
  const stop = await stopBefore(bench.url, 'ingestion.staged_lists', 2)
  const { child, ended } = startIngest(bench.url, folders)
  await stop.reached()
  child.kill('SIGINT')
  await sleep(2100)
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
  await stop.release()
  expect(await runIngest(bench.url, folders)).toMatchObject({ code: 0 })
  expect(await marketOf(bench.sql)).toEqual(undisturbed)
})

test('what is being fetched is given up', async () => {
  const told = new AbortController()
  const open: SourceVersion['open'] = ({ signal }) => {
    setTimeout(() => told.abort('SIGTERM'), 50)
    return sleep(20_000, undefined, { signal }) as Promise<never>
  }
  const source = { versions: async () => [{ name: 'v', open }] }
  const options = { datasetId: 'super-zol/test', staleAfterDays: 7, trigger: 'test', signal: told.signal }
  expect(await ingest(bench.url, source, options)).toMatchObject({ errors: [INTERRUPTED], versions: [] })
  await expect(ingest(bench.url, source, options)).rejects.toThrow(INTERRUPTED)
  await expectGoingOn()
})
