import { basename } from 'node:path'
import { connect } from '../../src/db/connect.ts'
import { vacuumPrices } from '../pricing/index.ts'
import { isConnectionLoss, message } from './failure.ts'
import { findKnownFile, type IngestOptions, loadFile, type Run } from './load-file.ts'
import { assertLocked, LockLostError, takeRunLock } from './lock.ts'
import { emptyStaging, publishStaged } from './publish.ts'
import { loadRegistry } from './registry.ts'
import { beginRun, endRun } from './run-record.ts'
import { forgetSample, SAMPLE_DATASET_ID } from './sample.ts'
import { readCsvName } from './source-file.ts'
import { type IngestSummary, newVersionSummary, type VersionSummary } from './summary.ts'
import { findVersions, openVersion, type Version } from './versions.ts'

/**
 * Loads dataset versions (directories or zips, in the order given), each in two phases: reads its files into the
 * staging, committing every source file, then publishes them in one transaction. A file or a list known by its digest
 * is not read or staged again; a killed run goes on where it stopped. A file that cannot be read is named in the
 * summary and does not stop the others.
 * The first real version replaces the generated sample.
 * Throws `NoVersionError` (wrong path) and `LockedError` (another run is at work) before anything is written.
 */
export async function ingest(url: string, paths: string[], options: IngestOptions): Promise<IngestSummary> {
  const started = Date.now()
  const versions = await findVersions(paths)
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => {})
  const onClose = () => lost.reject(new LockLostError('Cannot go on: the connection to the database was lost'))
  const db = connect(url, { max: 1, name: 'super-zol ingest', onClose })
  try {
    const backendPid = options.dryRun ? 0 : await takeRunLock(db)
    await db`set synchronous_commit = off`
    const replaces = !options.dryRun && options.datasetId !== SAMPLE_DATASET_ID
    const sampleRemoved = replaces && (await forgetSample(db, backendPid))
    const runId = options.dryRun ? 0 : await beginRun(db, options.trigger)
    const summary: IngestSummary = {
      status: 'completed',
      run_id: options.dryRun ? null : runId,
      dry_run: options.dryRun === true,
      sample_removed: sampleRemoved,
      seconds: 0,
      versions: [],
      errors: [],
    }
    try {
      const registry = await loadRegistry(db)
      const run: Run = { db, options, runId, backendPid, registry }
      await Promise.race([loadAll(run, versions, summary), lost.promise])
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

/** A version that cannot be opened or published does not stop the others; a lost connection does. */
async function loadAll(run: Run, paths: string[], summary: IngestSummary): Promise<void> {
  for (const path of paths) {
    try {
      summary.versions.push(await loadVersion(run, path))
    } catch (error) {
      if (isConnectionLoss(error)) throw error
      summary.errors.push(message(error))
    }
  }
}

async function loadVersion(run: Run, path: string): Promise<VersionSummary> {
  const version = await openVersion(path)
  const summary = newVersionSummary(version)
  try {
    const work = version.files.filter((file) => isPriceOrStoreFile(file.name))
    const bytes = work.reduce((sum, file) => sum + file.bytes, 0)
    let before = 0
    let dataset = 0
    for (const file of work) {
      const report = (done: number) =>
        run.options.onProgress?.({ version: version.name, file: file.name, done: (before + done) / Math.max(bytes, 1) })
      report(0)
      try {
        const known = run.options.force ? null : await findKnownFile(run, version, file)
        if (known !== null) {
          summary.files_known++
          summary.rows_known += known
        } else {
          if (dataset === 0 && !run.options.dryRun) dataset = await claimStaging(run, version)
          await loadFile(run, { version, dataset, summary, file, report })
        }
      } catch (error) {
        if (isConnectionLoss(error)) throw error
        summary.errors.push(`${file.name}: ${message(error)}`)
      }
      before += file.bytes
    }
    if (!run.options.dryRun) await publishVersion(run, version, summary)
  } finally {
    version.close()
  }
  return summary
}

function isPriceOrStoreFile(name: string): boolean {
  const family = readCsvName(name)?.family
  return family === 'price_full' || family === 'price' || family === 'store'
}

/**
 * Makes the staging this version's: what a killed run left of it stays, what was left of another one is forgotten (it
 * is read again with its own version). Returns the id of the dataset version.
 */
async function claimStaging(run: Run, version: Version): Promise<number> {
  const { db, options } = run
  const [row] = await db<{ id: number }[]>`
    insert into ingestion.datasets (dataset_id, version, download_date, manifest_path, status)
    values (${options.datasetId}, ${version.name}, ${version.date}, ${basename(version.path)}, 'processing')
    on conflict (dataset_id, version) do update set status = 'processing', manifest_path = excluded.manifest_path,
      download_date = excluded.download_date
    returning id`
  const id = row?.id ?? 0
  const [staging] = await db<{ dataset_id: number }[]>`select dataset_id from ingestion.staging`
  if (staging?.dataset_id === id) return id
  await db.begin(async (tx) => {
    await assertLocked(tx, run.backendPid)
    await emptyStaging(tx)
    await tx`insert into ingestion.staging (dataset_id) values (${id})`
  })
  run.registry = await loadRegistry(db)
  return id
}

/** So many removed spans are a backfill, not a day's changes. */
const MANY_REMOVED = 10_000

/** Publishes the version if anything of it is staged, by this run or by a killed one. */
async function publishVersion(run: Run, version: Version, summary: VersionSummary): Promise<void> {
  const [staging] = await run.db<{ dataset_id: number }[]>`
    select s.dataset_id from ingestion.staging s join ingestion.datasets d on d.id = s.dataset_id
    where d.dataset_id = ${run.options.datasetId} and d.version = ${version.name}`
  if (staging === undefined) return
  const { runId, backendPid, options } = run
  summary.published = await publishStaged(run.db, {
    runId,
    backendPid,
    datasetId: staging.dataset_id,
    staleAfterDays: options.staleAfterDays,
  })
  if (summary.published.spansRemoved > MANY_REMOVED) await vacuumPrices(run.db)
  if (summary.errors.length > 0) {
    await run.db`update ingestion.datasets set status = 'failed' where id = ${staging.dataset_id}`
  }
}
