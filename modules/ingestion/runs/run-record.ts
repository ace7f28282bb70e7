import { connect, type Sql } from '../../../src/db/connect.ts'
import { message } from './failure.ts'
import type { IngestSummary } from './summary.ts'

/** Inserts the row of the run. Runs without an end were killed, because this run holds the lock. */
export async function beginRun(db: Sql, trigger: string): Promise<number> {
  await db`update ingestion.runs set status = 'failed', finished_at = now(), error = 'The process ended before the run did'
    where status = 'running'`
  const [row] = await db<{ id: number }[]>`
    insert into ingestion.runs (status, trigger) values ('running', ${trigger}) returning id`
  return row?.id ?? 0
}

/**
 * Uses a new connection, because that of the run may be lost. If it fails, the next run ends this
 * run's row.
 */
export async function endRun(url: string, runId: number, summary: IngestSummary): Promise<void> {
  const db = connect(url, { max: 1, name: 'super-zol ingest' })
  const error = summary.errors.length > 0 ? summary.errors.join('\n') : null
  try {
    await db`update ingestion.runs set status = ${summary.status}, finished_at = now(), summary = ${db.json(summary)},
      error = ${error} where id = ${runId} and status = 'running'`
  } catch (error) {
    summary.status = 'failed'
    summary.errors.push(`Cannot note the end of the run: ${message(error)}`)
  } finally {
    await db.end({ timeout: 1 })
  }
}
