import { connect } from '../../src/db/connect.ts'
import { isConnectionLoss, message } from './failure.ts'
import type { IngestOptions, Run } from './load-file.ts'
import { loadVersion, type VersionLoad } from './load-version.ts'
import { LockLostError, takeRunLock } from './lock.ts'
import { loadRegistry } from './registry.ts'
import { beginRun, endRun } from './run-record.ts'
import { forgetSample, SAMPLE_DATASET_ID } from './sample.ts'
import type { DatasetSource, SourceVersion } from './source.ts'
import type { IngestSummary } from './summary.ts'
import type { Version } from './versions.ts'

/**
 * Loads the dataset versions of a source, in its order, each in two phases: reads its files into the staging,
 * committing every source file, then publishes them in one transaction. A file or a list known by its digest is not
 * read or staged again; a killed run goes on where it stopped. A file that cannot be read is named in the summary and
 * does not stop the others.
 * The first real version replaces the generated sample.
 * Throws `LockedError` (another run is at work) and what the source does not even begin with (`NoVersionError`: a wrong
 * path) before anything is written.
 */
export async function ingest(url: string, source: DatasetSource, options: IngestOptions): Promise<IngestSummary> {
  const started = Date.now()
  const lost = new AbortController()
  const onClose = () => lost.abort(new LockLostError('Cannot go on: the connection to the database was lost'))
  const db = connect(url, { max: 1, name: 'super-zol ingest', onClose })
  try {
    const backendPid = options.dryRun ? 0 : await takeRunLock(db)
    const known: string[] = []
    const isLoaded = async (version: string) => {
      const [row] = options.force
        ? []
        : await db`select from ingestion.datasets
            where dataset_id = ${options.datasetId} and version = ${version} and status = 'completed'`
      if (row !== undefined) known.push(version)
      return row !== undefined
    }
    const versions = await source.versions({ isLoaded, signal: lost.signal })
    await db`set synchronous_commit = off`
    const runId = options.dryRun ? 0 : await beginRun(db, options.trigger)
    const summary: IngestSummary = {
      status: 'completed',
      run_id: options.dryRun ? null : runId,
      dry_run: options.dryRun === true,
      sample_removed: false,
      already_loaded: known,
      seconds: 0,
      versions: [],
      errors: [],
    }
    try {
      const run: Run = { db, options, runId, backendPid, registry: await loadRegistry(db) }
      await Promise.race([loadAll(run, versions, { summary, signal: lost.signal }), rejection(lost.signal)])
    } catch (error) {
      summary.errors.push(message(error))
    }
    summary.errors.push(
      ...summary.versions.flatMap((version) => version.errors.map((one) => `${version.version}: ${one}`)),
    )
    if (summary.errors.length > 0) summary.status = 'failed'
    summary.seconds = (Date.now() - started) / 1000
    await db.end({ timeout: 1 }).catch(() => {})
    if (!options.dryRun) await endRun(url, runId, summary)
    return summary
  } finally {
    await db.end({ timeout: 1 }).catch(() => {})
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

type Progress = { summary: IngestSummary; signal: AbortSignal }

/** A version that cannot be fetched, opened or published does not stop the others; a lost connection does. */
async function loadAll(
  run: Run,
  versions: Iterable<SourceVersion> | AsyncIterable<SourceVersion>,
  { summary, signal }: Progress,
): Promise<void> {
  const replaces = !run.options.dryRun && run.options.datasetId !== SAMPLE_DATASET_ID
  for await (const offered of versions) {
    const version = await openVersion(run, offered, { summary, signal })
    if (version === null) continue
    try {
      if (replaces && (await forgetSample(run.db, run))) {
        summary.sample_removed = true
        run.registry = await loadRegistry(run.db)
      }
      const load = await loadVersion(run, version)
      summary.versions.push(load.summary)
      if (!run.options.dryRun) await finish(offered, version, load)
    } catch (error) {
      if (isConnectionLoss(error)) throw error
      summary.errors.push(message(error))
    } finally {
      version.close()
    }
  }
}

async function finish({ name, finished }: SourceVersion, version: Version, load: VersionLoad): Promise<void> {
  try {
    await finished?.(version, load)
  } catch (error) {
    load.summary.errors.push(`Cannot finish ${name}: ${message(error)}`)
  }
}

/** Null for one that cannot be had, whose error the summary keeps. */
async function openVersion(run: Run, { name, open }: SourceVersion, { summary, signal }: Progress) {
  const report = (done: number) => run.options.onProgress?.({ version: name, doing: 'fetching', file: '', done })
  try {
    return await open({ signal, report })
  } catch (error) {
    signal.throwIfAborted()
    summary.errors.push(message(error))
    return null
  }
}
