import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type SampleOptions, writeSample } from '../../../scripts/sample/generate.ts'
import { connect, type Sql } from '../../../src/db/connect.ts'
import { type Ended, runIngest, startIngest } from '../testing/command.ts'
import { type Bench, marketOf, openBench } from '../testing/ingest.ts'
import { noRun, stopBefore } from '../testing/stops.ts'

const small: SampleOptions = { days: 5, stores: 8, products: 100 }

let bench: Bench
let folders: string[] = []
/** The state that one statement reads after each version. */
const versionStates: unknown[] = []
let undisturbed: Record<string, unknown>
beforeAll(async () => {
  bench = await openBench()
  folders = await writeSample(join(bench.folder, 'sample'), small)
  versionStates.push(await readState(bench.sql))
  for (const folder of folders) {
    await bench.ingest([folder])
    versionStates.push(await readState(bench.sql))
  }
  undisturbed = await marketOf(bench.sql)
})
afterAll(() => bench.close())

async function readState(sql: Sql): Promise<unknown> {
  const [row] = await sql`
    select number, stats, last_observed_at, stale_before,
      (select count(*) from pricing.prices where valid_to is null) as current,
      (select count(*) from pricing.prices) as spans, (select count(*) from pricing.price_lists) as lists,
      (select count(*) from catalog.stores) as stores, (select count(*) from catalog.products) as products,
      (select sum(sum_agorot) from catalog.products) as cards, (select count(*) from ingestion.rejects) as rejects
    from core.generation`
  return row
}

/** Reads continuously until it is stopped, and keeps every state that it read. */
function startReader(url: string): { stop(): Promise<{ states: Set<string>; reads: number }> } {
  const sql = connect(url, { max: 1, name: 'reader' })
  const states = new Set<string>()
  let reads = 0
  let reading = true
  const read = (async () => {
    for (; reading; reads++) {
      states.add(JSON.stringify(await readState(sql)))
      await sleep(3)
    }
  })()
  const stop = async () => {
    reading = false
    await read
    await sql.end({ timeout: 1 })
    return { states, reads }
  }
  return { stop }
}

function tooEarly({ code, stdout, stderr }: Ended): never {
  throw new Error(`Cannot kill a run that has ended (${code}): ${stdout}${stderr}`)
}

/** When a run is killed: before it writes to a table, or after it printed a number of lines. */
const MOMENTS: ({ table: string; rows?: number } | { line: number })[] = [
  { table: 'ingestion.staged_lists' },
  { table: 'ingestion.staged_lists', rows: 3 },
  { table: 'ingestion.staged_files', rows: 5 },
  { table: 'catalog.products' },
  { table: 'pricing.prices' },
  { table: 'core.outbox' },
  { line: 13 },
  { table: 'ingestion.staged_lists', rows: 2 },
  { table: 'pricing.price_lists', rows: 1 },
  { table: 'core.generation' },
  { line: 30 },
]

test('repeatedly killed runs end in the state of one complete run, and readers see only complete versions', async () => {
  await bench.empty()
  const reader = startReader(bench.url)
  let killed = 0
  for (const moment of MOMENTS) {
    if ('line' in moment) {
      let lines = 0
      const { ended } = startIngest(bench.url, folders, (_, child) => {
        if (++lines === moment.line) child.kill('SIGKILL')
      })
      if ((await ended).signal === 'SIGKILL') killed++
      await noRun(bench.sql)
    } else {
      const stop = await stopBefore(bench.url, moment.table, moment.rows)
      const { child, ended } = startIngest(bench.url, folders)
      try {
        await Promise.race([stop.reached(), ended.then(tooEarly)])
        child.kill('SIGKILL')
        expect((await ended).signal).toBe('SIGKILL')
      } finally {
        await stop.release()
      }
      killed++
    }
  }
  const last = await runIngest(bench.url, [...folders, '--json'])
  const { states, reads } = await reader.stop()
  expect(last).toMatchObject({ code: 0 })
  expect(killed).toBeGreaterThan(8)
  expect(await marketOf(bench.sql)).toEqual(undisturbed)
  expect(reads).toBeGreaterThan(50)
  const allowed = new Set(versionStates.map((state) => JSON.stringify(state)))
  expect([...states].filter((state) => !allowed.has(state))).toEqual([])
  expect(states.size).toBeGreaterThan(2)
  const runs = await bench.sql`select status, count(*)::integer as runs,
        bool_and(error = 'The process ended before the run did') as told
      from ingestion.runs group by status order by status`
  expect([...runs]).toEqual([
    { status: 'completed', runs: MOMENTS.length - killed + 1, told: null },
    { status: 'failed', runs: killed, told: true },
  ])
}, 60_000)

for (const [phase, table] of [
  ['read', 'ingestion.staged_files'],
  ['publish', 'pricing.prices'],
  ['publish, at its end', 'core.outbox'],
] as const) {
  test(`a connection lost in the phase "${phase}" ends the run with an error, and the next run completes`, async () => {
    await bench.empty()
    const stop = await stopBefore(bench.url, table)
    const run = bench.ingest(folders)
    const pid = await stop.reached()
    await bench.sql`select pg_terminate_backend(${pid})`
    const cut = await run
    await stop.release()
    expect(cut.status).toBe('failed')
    expect(cut.errors.length).toBe(1)
    expect(cut.errors[0]).toMatch(/connection/i)
    expect(await readState(bench.sql)).toEqual(versionStates[0])
    expect([...(await bench.sql`select status, error from ingestion.runs`)]).toEqual([
      { status: 'failed', error: cut.errors[0] },
    ])
    expect(await bench.ingest(folders)).toMatchObject({ status: 'completed', errors: [] })
    expect(await marketOf(bench.sql)).toEqual(undisturbed)
  })
}

test('lists that a killed run staged for one version are not published with another version', async () => {
  await bench.empty()
  const [first = '', ...others] = folders.toReversed()
  for (const [table, rows] of [
    ['ingestion.staged_files', 3],
    ['core.outbox', 0],
  ] as const) {
    const stop = await stopBefore(bench.url, table, rows)
    const { child, ended } = startIngest(bench.url, [first])
    await Promise.race([stop.reached(), ended.then(tooEarly)])
    child.kill('SIGKILL')
    await ended
    await stop.release()
  }
  expect(await bench.ingest(others)).toMatchObject({ status: 'completed', errors: [] })
  expect(await bench.ingest([first])).toMatchObject({ status: 'completed', errors: [] })
  expect(await marketOf(bench.sql)).toEqual(undisturbed)
})
