import { connect, type Sql } from '../../../src/db/connect.ts'
import type { Version } from '../files/versions.ts'
import { loadRegistry, newRegistry } from '../staging/registry.ts'
import type { DatasetSource, SourceVersion } from './dataset-source.ts'
import { refreshDerived } from './derive.ts'
import { endsRun, message } from './failure.ts'
import { endSession, watchInterruption } from './interruption.ts'
import type { IngestOptions, Run } from './load-file.ts'
import { loadVersion, type VersionLoad } from './load-version.ts'
import { LockLostError, takeRunLock } from './lock.ts'
import { beginRun, endRun } from './run-record.ts'
import { holdsSampleOnly, SAMPLE_DATASET_ID } from './sample.ts'
import { refreshSettlements } from './settlements.ts'
import { type IngestSummary, newVersionSummary } from './summary.ts'

/**
 * Loads the dataset versions of a source in its order, each in two phases. First it reads the files
 * into the staging and commits every source file; then it publishes them in one transaction. A file
 * or list with a known digest is not read or staged again, so a later run resumes a killed one. An
 * unreadable file is an error in the summary and does not stop the others. The publish of the first
 * real version also removes the generated sample. Before anything is written it throws
 * `LockedError` (another run is in progress) and errors of the source (`NoVersionError`: a wrong
 * path).
 */
export async function ingest(
  url: string,
  source: DatasetSource,
  requestedOptions: IngestOptions,
): Promise<IngestSummary> {
  const started = Date.now()
  const broken = new AbortController()
  const onClose = () =>
    broken.abort(new LockLostError('Cannot go on: the connection to the database was lost'))
  const db = connect(url, { max: 1, name: 'super-zol ingest', onClose })
  let backendPid = 0
  const interruption = watchInterruption(requestedOptions.signal, async (error) => {
    if (backendPid > 0) await endSession(url, backendPid).catch(() => {})
    broken.abort(error)
  })
  const signal = AbortSignal.any([broken.signal, interruption.signal])
  try {
    if (!requestedOptions.dryRun) backendPid = await takeRunLock(db)
    signal.throwIfAborted()
    // a dry run creates no tables; without tables no file is known
    const blank = requestedOptions.dryRun === true && (await isBlank(db))
    const options = blank ? { ...requestedOptions, force: true } : requestedOptions
    const loadedNames: string[] = []
    const isLoaded = async (version: string) => {
      if (options.force) return false
      const [row] = await db`select from ingestion.datasets
        where dataset_id = ${options.datasetId} and version = ${version} and status = 'completed'`
      if (row !== undefined) loadedNames.push(version)
      return row !== undefined
    }
    const versions = await source.versions({ isLoaded, signal })
    await db`set synchronous_commit = off`
    const runId = options.dryRun ? 0 : await beginRun(db, options.trigger)
    if (runId > 0) options.onBegin?.(runId)
    const summary: IngestSummary = {
      status: 'completed',
      run_id: options.dryRun ? null : runId,
      dry_run: options.dryRun === true,
      sample_removed: false,
      already_loaded: loadedNames,
      seconds: 0,
      versions: [],
      errors: [],
      warnings: [],
    }
    try {
      const replacesSample =
        !options.dryRun && options.datasetId !== SAMPLE_DATASET_ID && (await holdsSampleOnly(db))
      const registry = blank
        ? newRegistry()
        : await loadRegistry(db, { stagedOnly: replacesSample })
      const run: Run = { db, options, runId, backendPid, registry, replacesSample, signal }
      const work = async () => {
        if (!options.dryRun) await refreshDerived(db, run)
        await loadAll(run, versions, summary)
        await nameSettlements(run, summary)
      }
      await Promise.race([work(), rejection(broken.signal)])
    } catch (error) {
      summary.errors.push(message(interruption.signal.aborted ? interruption.signal.reason : error))
    }
    summary.errors.push(
      ...summary.versions.flatMap((version) =>
        version.errors.map((one) => `${version.version}: ${one}`),
      ),
    )
    summary.warnings.push(
      ...summary.versions.flatMap((version) =>
        version.warnings.map((warning) => `${version.version}: ${warning}`),
      ),
    )
    if (summary.errors.length > 0) summary.status = 'failed'
    summary.seconds = (Date.now() - started) / 1000
    if (!options.dryRun) await endRun(url, runId, summary)
    return summary
  } finally {
    interruption.ended()
    await db.end({ timeout: 1 }).catch(() => {})
  }
}

async function isBlank(db: Sql): Promise<boolean> {
  const [row] = await db<
    { blank: boolean }[]
  >`select to_regclass('ingestion.datasets') is null as blank`
  return row?.blank === true
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

/**
 * A version that cannot be downloaded, opened or published does not stop the others. A lost
 * connection does.
 */
async function loadAll(
  run: Run,
  versions: Iterable<SourceVersion> | AsyncIterable<SourceVersion>,
  summary: IngestSummary,
): Promise<void> {
  const replaces = run.replacesSample
  for await (const offered of versions) {
    const version = await openVersion(run, offered, summary)
    if (version === null) continue
    try {
      const load: VersionLoad = { runId: run.runId, summary: newVersionSummary(version), files: [] }
      summary.versions.push(load.summary)
      await loadVersion(run, version, load)
      if (replaces && !run.replacesSample) summary.sample_removed = true
      if (!run.options.dryRun) await finish(run, { offered, version, load })
    } catch (error) {
      if (endsRun(error)) throw error
      summary.errors.push(message(error))
    } finally {
      version.close()
    }
  }
}

/** Without settlement names, stores show the code of their city; the run does not fail. */
async function nameSettlements(run: Run, summary: IngestSummary): Promise<void> {
  const { settlementsUrl = '', dryRun, datasetId } = run.options
  if (settlementsUrl === '' || dryRun || datasetId === SAMPLE_DATASET_ID) return
  try {
    await refreshSettlements(run.db, settlementsUrl, run)
  } catch (error) {
    run.signal.throwIfAborted()
    summary.warnings.push(
      `Cannot name the settlements by ${new URL(settlementsUrl).host}: ${message(error)}`,
    )
  }
}

type Finished = { offered: SourceVersion; version: Version; load: VersionLoad }

async function finish({ db, options }: Run, { offered, version, load }: Finished): Promise<void> {
  const { name, finished } = offered
  let manifest: string | undefined
  try {
    manifest = await finished?.(version, load)
  } catch (error) {
    load.summary.errors.push(`Cannot finish ${name}: ${message(error)}`)
  }
  if (manifest === undefined) return
  await db`update ingestion.datasets set manifest_path = ${manifest}
    where dataset_id = ${options.datasetId} and version = ${name}`
}

/** Null for a version that cannot be opened; its error is in the summary. */
async function openVersion(
  { options, signal }: Run,
  { name, open }: SourceVersion,
  summary: IngestSummary,
) {
  const report = (done: number) =>
    options.onProgress?.({ version: name, doing: 'fetching', file: '', done })
  signal.throwIfAborted()
  try {
    return await open({ signal, report })
  } catch (error) {
    signal.throwIfAborted()
    summary.errors.push(message(error))
    return null
  }
}
