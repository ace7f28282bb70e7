/**
 * bun scripts/bench/ingest.ts [--branches DIR] [--market DAY0_DIR DAY1_DIR]
 *
 * Measures loading against `\copy` of the same CSVs into unlogged text tables on the same fresh
 * server, in one run. Exit codes: 0 within the limits, 1 a limit was missed, 2 wrong usage.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { type BenchServer, openBenchServer } from './bench-server.ts'
import { type CopyResult, measureCopy } from './copy-baseline.ts'
import { ALL_CSVS, collectCsvs, PRICE_CSVS } from './dataset-csvs.ts'
import { measureIngest } from './ingest-process.ts'
import { isWithinLimits, type Measured, reportTable } from './ingest-table.ts'

const USAGE = 'usage: bun scripts/bench/ingest.ts [--branches DIR] [--market DAY0_DIR DAY1_DIR]'

/** Limit of each step as a multiple of `\copy`'s time. */
const LIMITS = { first: 4, unchanged: 1.5, next: 2 }
/** Limit of the time per row with promotions as a multiple of the time without. */
const PROMOTIONS_LIMIT = 2

/** All ratios depend on this figure, so it is measured more than once. */
const COPY_RUNS = 2

type Dataset = { name: string; paths: string[]; nextDay?: string }

async function measure(server: BenchServer, dataset: Dataset): Promise<Measured[]> {
  const { name, paths, nextDay } = dataset
  const scratch = await mkdtemp(join(tmpdir(), 'super-zol-csvs-'))
  try {
    const url = await server.createDatabase(name)
    const copies = await server.createDatabase(`${name}_copy`)
    const files = await collectCsvs(paths, scratch)
    const nextFiles =
      nextDay === undefined ? [] : await collectCsvs([nextDay], join(scratch, 'next'))
    const steps: Measured[] = []
    const copy = async (what: string, csvs: string[]) => {
      const runs: CopyResult[] = []
      for (let run = 0; run < COPY_RUNS; run++) {
        await server.checkpoint()
        runs.push(await measureCopy(copies, csvs))
      }
      const seconds = runs.reduce((sum, run) => sum + run.seconds, 0) / COPY_RUNS
      const { rows = 0, by } = runs[0] ?? {}
      steps.push({
        dataset: name,
        step: `\\copy ${what} (${by}, mean of ${COPY_RUNS})`,
        seconds,
        rows,
      })
      return seconds
    }
    const ingest = async (step: string, args: string[], against: number, limit: number) => {
      await server.checkpoint()
      const { seconds, rows, megabytes } = await measureIngest(url, args)
      steps.push({ dataset: name, step, seconds, rows, megabytes, ratio: seconds / against, limit })
    }
    const base = await copy('of all', files)
    await ingest('first load', paths, base, LIMITS.first)
    await compareWithPricesAlone(server, { dataset, scratch, steps })
    await ingest('unchanged, --force', [...paths, '--force'], base, LIMITS.unchanged)
    if (nextDay !== undefined) {
      const next = await copy('of the next day', nextFiles)
      await ingest('next day', [nextDay], next, LIMITS.next)
    }
    return steps
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/**
 * Loads the same versions without their promotions, where they have any, and compares the time of a
 * row.
 */
async function compareWithPricesAlone(
  server: BenchServer,
  {
    dataset: { name, paths },
    scratch,
    steps,
  }: { dataset: Dataset; scratch: string; steps: Measured[] },
): Promise<void> {
  const all = await collectCsvs(paths, join(scratch, 'all'), ALL_CSVS)
  const alone = await collectCsvs(paths, join(scratch, 'alone'), PRICE_CSVS)
  const whole = steps.at(-1)
  if (whole === undefined || all.length === alone.length) return
  const url = await server.createDatabase(`${name}_alone`)
  await server.checkpoint()
  const { seconds, rows, megabytes } = await measureIngest(url, [
    ...new Set(alone.map((file) => dirname(file))),
  ])
  const ratio = whole.seconds / whole.rows / (seconds / rows)
  steps.push({ dataset: name, step: 'first load of prices alone', seconds, rows, megabytes })
  steps.push({
    ...whole,
    step: 'first load, a row × one of prices alone',
    ratio,
    limit: PROMOTIONS_LIMIT,
  })
}

function readArguments(): Dataset[] {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { branches: { type: 'string' }, market: { type: 'string' } },
  })
  const [nextDay, ...more] = positionals
  const { branches, market } = values
  if (more.length > 0 || (market === undefined) !== (nextDay === undefined))
    throw new Error('Cannot read the arguments')
  const datasets: Dataset[] = []
  if (branches !== undefined) datasets.push({ name: 'branches', paths: [branches] })
  if (market !== undefined && nextDay !== undefined)
    datasets.push({ name: 'market', paths: [market], nextDay })
  if (datasets.length === 0) throw new Error('Cannot measure: no data was named')
  return datasets
}

async function main(): Promise<number> {
  let datasets: Dataset[]
  try {
    datasets = readArguments()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`)
    return 2
  }
  const server = await openBenchServer()
  try {
    const measured: Measured[] = []
    for (const dataset of datasets) measured.push(...(await measure(server, dataset)))
    console.log(`${server.version}\n${reportTable(measured)}`)
    return measured.every(isWithinLimits) ? 0 : 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  } finally {
    await server.close()
  }
}

process.exitCode = await main()
