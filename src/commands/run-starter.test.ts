import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { runIngest } from '../../modules/ingestion/testing/command.ts'
import { type Bench, fullLists, item, openBench } from '../../modules/ingestion/testing/ingest.ts'
import { stopBefore } from '../../modules/ingestion/testing/stops.ts'
import { createRunStarter, type RunStarter } from './run-starter.ts'

let bench: Bench
let starter: RunStarter
beforeAll(async () => {
  bench = await openBench()
  const env = {
    ...process.env,
    DATABASE_URL: bench.url,
    DATASET_ID: 'super-zol/test',
    LOG_FORMAT: 'json',
  }
  const program = fileURLToPath(new URL('../main.ts', import.meta.url).href)
  starter = createRunStarter(pino({ level: 'silent' }), { program, env })
  await bench.write('2026-05-01', {
    'price_full_file_x.csv': fullLists([{ at: '202605010300', rows: [item('101', '5')] }]),
  })
})
beforeEach(async () => {
  await bench.empty()
  await bench.sql`insert into ingestion.sources (name, source_url, kind) values
    ('mine', ${bench.folder}, 'directory'), ('gone', '/no/such/folder', 'directory'), ('--all', ${bench.folder}, 'directory')`
})
afterAll(async () => {
  await starter.stop()
  await bench.close()
})

async function ended(id: number) {
  for (let tries = 0; tries < 500; tries++) {
    const [run] =
      await bench.sql`select status, trigger, error from ingestion.runs where id = ${id}`
    if (run?.status !== 'running') return run
    await sleep(20)
  }
  throw new Error(`Cannot wait for run ${id} any longer`)
}

test('an ordered run is recorded at once and loads the dataset', async () => {
  const id = await starter.startRun({ dataset: '--all' })
  expect(await ended(id)).toEqual({ status: 'completed', trigger: 'api', error: null })
  expect(await bench.sql`select from catalog.products`).toHaveLength(1)
})

test('a second run is refused while one is active, and stop ends the active one cleanly', async () => {
  const stop = await stopBefore(bench.url, 'ingestion.staging')
  const id = await starter.startRun({ dataset: 'mine' })
  await stop.reached()
  await expect(starter.startRun({ dataset: 'mine' })).rejects.toMatchObject({
    why: 'locked',
    message: 'Cannot start: another run holds the lock',
  })
  const stopped = starter.stop()
  await sleep(200)
  await stop.release()
  await stopped
  expect(await ended(id)).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('Interrupted by SIGTERM'),
  })
})

test('a run that cannot start gives the reason', async () => {
  await expect(starter.startRun({ dataset: 'gone' })).rejects.toMatchObject({
    why: 'not possible',
    message: 'Cannot load /no/such/folder: there is no such file or directory',
  })
  await expect(starter.startRun({ dataset: 'mine', all: true })).rejects.toMatchObject({
    message:
      'Cannot ingest: --version, --all and --since are for datasets of Kaggle; mine is a directory',
  })
})

test('ingest --dataset loads an enabled dataset and refuses others', async () => {
  const loaded = await runIngest(bench.url, ['--json', '--dataset', 'mine'])
  expect([
    loaded.code,
    JSON.parse(loaded.stdout.trimEnd().split('\n').at(-1) ?? '').versions.length,
  ]).toEqual([0, 1])
  await bench.sql`update ingestion.sources set enabled = false where name = 'mine'`
  const refused = async (...args: string[]) => {
    const { code, stderr } = await runIngest(bench.url, args)
    return [code, stderr.split('\n')[0]]
  }
  expect(await refused('--dataset', 'mine')).toEqual([
    2,
    'Cannot ingest: the dataset mine is not enabled; npm run ingest -- --help shows how',
  ])
  expect(await refused('--dataset=other')).toEqual([
    2,
    'Cannot ingest: there is no dataset other; /v1/datasets lists those that there are; npm run ingest -- --help shows how',
  ])
})
