import {
  type IngestSummary,
  ingest,
  LockedError,
  NoVersionError,
} from '../../../modules/ingestion/index.ts'
import type { Sql } from '../../db/connect.ts'
import { type Database, openDatabase } from '../../db/database.ts'
import { assertNotBehind, migrateUp } from '../../db/migrate.ts'
import { type Env, readEnv } from '../../env.ts'
import { createLogger, type Logger } from '../../log.ts'
import { UsageError } from '../arguments.ts'
import { announceRun } from '../run-starter.ts'
import { onStopSignal } from '../stop-signals.ts'
import type { Opened } from './open-source.ts'
import { progressPrinter, summaryTable } from './report.ts'

const flag = { type: 'boolean', default: false } as const

/** The options for reading any source. */
export const RUN_OPTIONS = { json: flag, 'dry-run': flag, force: flag }

/**
 * Loads all requested versions of a source, with progress on stderr and the summary on stdout. JSON
 * logs contain the summary, too. A signal stops the run cleanly. Returns the exit code.
 */
export async function runIngest(
  open: (by: { env: Env; log: Logger; sql: Sql }) => Promise<Opened>,
  given: { [option in keyof typeof RUN_OPTIONS]: boolean },
): Promise<number> {
  const progress = progressPrinter(process.stderr)
  const stop = new AbortController()
  onStopSignal((signal) => {
    progress.end()
    console.error(`${signal}: stopping after what is at hand; once more stops at once`)
    stop.abort(signal)
  })
  let database: Database | undefined
  try {
    const env = readEnv(process.env)
    const log = createLogger(env, 'stderr')
    database = await openDatabase(env, log)
    if (given['dry-run']) await assertNotBehind(database.sql)
    else await migrateUp(database.sql)
    const { source, datasetId } = await open({ env, log, sql: database.sql })
    const summary = await ingest(database.url, source, {
      datasetId,
      staleAfterDays: env.staleAfterDays,
      settlementsUrl: env.settlementsUrl,
      trigger: process.send === undefined ? 'command' : 'api',
      onBegin: announceRun,
      force: given.force,
      dryRun: given['dry-run'],
      signal: stop.signal,
      onProgress: progress.show,
    })
    progress.end()
    if (env.logFormat === 'json')
      log[summary.status === 'completed' ? 'info' : 'error']({ summary }, 'ingestion run')
    print(summary, given.json)
    return summary.status === 'completed' ? 0 : 1
  } catch (error) {
    progress.end()
    if (error instanceof UsageError) throw error
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
