import { createHash, type Hash } from 'node:crypto'
import { basename } from 'node:path'
import { connect, type Sql, type Tx } from '../../src/db/connect.ts'
import { assertLocked, LockLostError, takeRunLock } from './lock.ts'
import { detectMasking } from './masking.ts'
import { reconcile } from './parser-status.ts'
import { readPriceFile } from './price-file.ts'
import { emptyStaging, publishStaged } from './publish.ts'
import { type Fresh, isEmpty, loadRegistry, type Registry, takeFresh } from './registry.ts'
import { forgetSample, SAMPLE_DATASET_ID } from './sample.ts'
import { readCsvName } from './source-file.ts'
import { isKnownList, type SourceFileResult, stageSourceFile } from './staging.ts'
import { readStoreFile } from './store-file.ts'
import { addReconciled, type IngestSummary, newVersionSummary, type VersionSummary } from './summary.ts'
import { findVersions, openVersion, type Version, type VersionFile } from './versions.ts'

export type IngestOptions = {
  /** The dataset that the versions belong to, such as `owner/name` on Kaggle. */
  datasetId: string
  staleAfterDays: number
  /** Who started the run: `command`, `start`, `schedule`. */
  trigger: string
  /** Reads again what is known by its digest. */
  force?: boolean
  /** Reads and counts, and writes nothing. */
  dryRun?: boolean
  /** Told now and then: the version, the file, and how much of the version's bytes are read (0–1). */
  onProgress?: (progress: { version: string; file: string; done: number }) => void
}

/** What a run works with. The one connection holds the lock, so a lost connection ends the run. */
type Run = {
  db: Sql
  options: IngestOptions
  runId: number
  backendPid: number
  registry: Registry
}

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

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Opens the run's own row; runs that never ended were killed, for we hold the lock. */
async function beginRun(db: Sql, trigger: string): Promise<number> {
  await db`update ingestion.runs set status = 'failed', finished_at = now(), error = 'The process ended before the run did'
    where status = 'running'`
  const [row] = await db<{ id: number }[]>`
    insert into ingestion.runs (status, trigger) values ('running', ${trigger}) returning id`
  return row?.id ?? 0
}

/** On a connection of its own: the run's may be lost. Where there is none, the next run ends this one's row. */
async function endRun(url: string, runId: number, summary: IngestSummary): Promise<void> {
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

/** A file's failure ends that file; the connection's ends the run. */
function isConnectionLoss(error: unknown): boolean {
  const code = (error as { code?: unknown })?.code
  return error instanceof Error && (error instanceof LockLostError || /^(CONNECTION_|ECONN|57P0)/.test(String(code)))
}

function isPriceOrStoreFile(name: string): boolean {
  const family = readCsvName(name)?.family
  return family === 'price_full' || family === 'price' || family === 'store'
}

/**
 * The rows of a file that was published before, or staged by a killed run of the same version; null for any other.
 * Only a file of the same length needs its digest taken.
 */
async function findKnownFile({ db, options }: Run, { name }: Version, file: VersionFile): Promise<number | null> {
  const staged = db`ingestion.staged_files s join ingestion.datasets d on d.id = s.dataset_id
    where d.dataset_id = ${options.datasetId} and d.version = ${name}`
  const [sameLength] = await db`
    select from ingestion.files where bytes = ${file.bytes}
    union all select from ${staged} and bytes = ${file.bytes} limit 1`
  if (sameLength === undefined) return null
  const hash = createHash('sha256')
  for await (const chunk of file.open()) hash.update(chunk)
  const digest = hash.digest()
  const [known] = await db<{ rows: string }[]>`
    select rows from ingestion.files where sha256 = ${digest}
    union all select rows from ${staged} and sha256 = ${digest} limit 1`
  return known === undefined ? null : Number(known.rows)
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

type FileWork = {
  version: Version
  dataset: number
  summary: VersionSummary
  file: VersionFile
  report: (bytes: number) => void
}

/** Reads one CSV into the staging. When it fails half-way, the lists that it staged are taken back. */
async function loadFile(run: Run, work: FileWork): Promise<void> {
  const { db, options, registry } = run
  const { file, summary, version } = work
  const name = readCsvName(file.name)
  if (name === null) return
  const origin = { runId: run.runId, datasetId: work.dataset, version: version.name, fileName: file.name }
  const stage = async (result: SourceFileResult, fresh: Fresh) => {
    const assertOurs = (tx: Tx) => assertLocked(tx, run.backendPid)
    if (result.list !== null && !options.force && (await isKnownList(db, result.sha256))) {
      summary.lists_known++
      const nothing = { ...result, list: null, storeFacts: [], descriptions: [], rejects: [] }
      // the first row of the next list is read already, and may have brought something
      if (!isEmpty(fresh)) await stageSourceFile(db, fresh, origin, nothing, assertOurs)
      return
    }
    if (result.list !== null) summary.lists_read++
    await stageSourceFile(db, fresh, origin, result, assertOurs)
  }
  const rowsRead = new Map<string, number>()
  /** One source file is staged while the next one is read. */
  let staged: Promise<void> = Promise.resolve()
  const onSourceFile = async (result: SourceFileResult) => {
    summary.rejects += result.rejects.length
    rowsRead.set(result.fileName, (rowsRead.get(result.fileName) ?? 0) + result.rows)
    const fresh = takeFresh(registry)
    if (options.dryRun) return
    await staged
    staged = stage(result, fresh)
    staged.catch(() => {})
  }
  const hash = createHash('sha256')
  const { slug, family } = name
  try {
    const masking = await detectMasking(file.open())
    const chunks = watched(file.open(), hash, work.report)
    const full = family === 'price_full'
    const counts =
      family === 'store'
        ? await readStoreFile(chunks, { masking, slug, registry, onSourceFile })
        : await readPriceFile(chunks, { masking, slug, registry, full, onSourceFile })
    await staged
    addReconciled(summary, await reconcile(version, name, rowsRead))
    summary.files_read++
    summary.rows[family] = (summary.rows[family] ?? 0) + counts.rows
    summary.not_for_sale += counts.notForSale
    summary.repeated_codes += counts.repeated
    if (options.dryRun) return
    await db`insert into ingestion.staged_files (sha256, dataset_id, name, bytes, rows, rejects)
      values (${hash.digest()}, ${work.dataset}, ${file.name}, ${file.bytes}, ${counts.rows}, ${counts.rejects})
      on conflict do nothing`
  } catch (error) {
    await staged.catch(() => {})
    if (!isConnectionLoss(error)) {
      if (!options.dryRun) await db`delete from ingestion.staged_lists where file = ${file.name}`
      run.registry = await loadRegistry(db)
    }
    throw error
  }
}

async function* watched(
  chunks: AsyncIterable<Uint8Array>,
  hash: Hash,
  report: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of chunks) {
    hash.update(chunk)
    bytes += chunk.length
    yield chunk
    report(bytes)
  }
}

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
  if (summary.errors.length > 0) {
    await run.db`update ingestion.datasets set status = 'failed' where id = ${staging.dataset_id}`
  }
}
