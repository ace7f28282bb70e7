/**
 * npm run ingest -- PATH… [--json] [--dry-run] [--force]
 * Exit codes: 0 loaded, 1 a file could not be loaded, 2 wrong usage, 3 another run holds the lock.
 */
import { parseArgs } from 'node:util'
import { type IngestSummary, ingest, LockedError, NoVersionError } from '../modules/ingestion/index.ts'
import { type Database, openDatabase } from '../src/db/database.ts'
import { migrateUp } from '../src/db/migrate.ts'
import { readEnv } from '../src/env.ts'
import { createLogger } from '../src/log.ts'
import { progressPrinter, summaryTable } from './ingest-report.ts'

const USAGE = `Usage: npm run ingest -- PATH… [options]

Loads dataset versions: directories of CSVs, zips as Kaggle serves them, or a directory of such.

  --json      one machine-readable summary on the last line
  --dry-run   read and count, write nothing
  --force     read again what is already loaded
  --help      this text

Exit codes: 0 loaded (rejected rows are counted, they are no failure), 1 a file could not be loaded,
2 wrong usage, 3 another run holds the lock.`

type Arguments = { paths: string[]; json: boolean; dryRun: boolean; force: boolean }

function readArguments(argv: string[]): Arguments | null {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  if (positionals.length === 0) throw new TypeError('no PATH was given')
  return { paths: positionals, json: values.json, dryRun: values['dry-run'], force: values.force }
}

async function main(argv: string[]): Promise<number> {
  let given: Arguments | null
  try {
    given = readArguments(argv)
  } catch (error) {
    console.error(`Cannot ingest: ${error instanceof Error ? error.message : error}\n\n${USAGE}`)
    return 2
  }
  if (given === null) {
    console.log(USAGE)
    return 0
  }
  const progress = progressPrinter(process.stderr)
  let database: Database | undefined
  try {
    const env = readEnv(process.env)
    database = await openDatabase(env, createLogger(env))
    await migrateUp(database.sql)
    const summary = await ingest(database.url, given.paths, {
      datasetId: env.datasetId,
      staleAfterDays: env.staleAfterDays,
      trigger: 'command',
      force: given.force,
      dryRun: given.dryRun,
      onProgress: progress.show,
    })
    progress.end()
    print(summary, given.json)
    return summary.status === 'completed' ? 0 : 1
  } catch (error) {
    progress.end()
    console.error(error instanceof Error ? error.message : error)
    if (error instanceof NoVersionError) return 2
    if (error instanceof LockedError) return 3
    return 1
  } finally {
    await database?.close()
  }
}

function print(summary: IngestSummary, json: boolean): void {
  console.log(summaryTable(summary))
  if (json) console.log(JSON.stringify(summary))
}

process.exit(await main(process.argv.slice(2)))
