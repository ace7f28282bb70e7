import {
  type DatasetSource,
  type IngestSummary,
  ingest,
  LockedError,
  NoVersionError,
} from '../../modules/ingestion/index.ts'
import { type Database, openDatabase } from '../db/database.ts'
import { migrateUp } from '../db/migrate.ts'
import { type Env, readEnv } from '../env.ts'
import { createLogger, type Logger } from '../log.ts'
import { progressPrinter, summaryTable } from './ingest-report.ts'

const flag = { type: 'boolean', default: false } as const

/** What every source is asked with. */
export const RUN_OPTIONS = { json: flag, 'dry-run': flag, force: flag }

/** Loads what a source has, with progress on stderr and the summary on stdout. Answers the exit code. */
export async function runIngest(
  openSource: (env: Env, log: Logger) => DatasetSource,
  given: { [option in keyof typeof RUN_OPTIONS]: boolean },
): Promise<number> {
  const progress = progressPrinter(process.stderr)
  let database: Database | undefined
  try {
    const env = readEnv(process.env)
    const log = createLogger(env)
    database = await openDatabase(env, log)
    await migrateUp(database.sql)
    const summary = await ingest(database.url, openSource(env, log), {
      datasetId: env.datasetId,
      staleAfterDays: env.staleAfterDays,
      trigger: 'command',
      force: given.force,
      dryRun: given['dry-run'],
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
