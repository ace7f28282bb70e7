import { basename } from 'node:path'
import { vacuumPrices } from '../../pricing/index.ts'
import { datasetFiles } from '../files/dataset-files.ts'
import { readCsvName } from '../files/source-file.ts'
import { lastMomentOf } from '../files/version-end.ts'
import type { Version } from '../files/versions.ts'
import { loadRegistry } from '../staging/registry.ts'
import { endsRun, message } from './failure.ts'
import { type Doing, findKnownFile, loadFile, type Run } from './load-file.ts'
import { assertLocked } from './lock.ts'
import { emptyStaging, publishStaged } from './publish.ts'
import type { LoadedFile, VersionSummary } from './summary.ts'

/** The result of loading a version, with its run. */
export type VersionLoad = { runId: number; summary: VersionSummary; files: LoadedFile[] }

/** Loads an open version: reads its new files into the staging, then publishes them. */
export async function loadVersion(run: Run, version: Version, load: VersionLoad): Promise<void> {
  if (!version.files.some(({ name }) => readCsvName(name) !== null))
    throw new Error(
      `Cannot load ${version.name}: it holds no dataset files (such as price_full_file_….csv)`,
    )
  const { options, signal } = run
  const { summary, files } = load
  const { csvs: work, leftovers } = datasetFiles(version.files)
  for (const name of leftovers)
    summary.warnings.push(`${name}: passed over, a leftover beside its whole file`)
  const all = work.reduce((sum, { file }) => sum + file.bytes, 0)
  let before = 0
  let dataset = 0
  for (const { file, name } of work) {
    signal.throwIfAborted()
    const report = (doing: Doing, bytes: number) =>
      options.onProgress?.({
        version: version.name,
        doing,
        file: file.name,
        done: (before + bytes) / Math.max(all, 1),
      })
    const fileToLoad = { version, file, name, report }
    try {
      const knownFile = options.force ? null : await findKnownFile(run, fileToLoad)
      if (knownFile !== null) {
        summary.files_known++
        summary.rows_known += knownFile.rows
        files.push(knownFile)
      } else {
        if (dataset === 0 && !options.dryRun) dataset = await claimStaging(run, version)
        files.push(await loadFile(run, fileToLoad, { dataset, summary }))
      }
    } catch (error) {
      if (endsRun(error)) throw error
      summary.errors.push(`${file.name}: ${message(error)}`)
    }
    before += file.bytes
  }
  if (options.dryRun) return
  signal.throwIfAborted()
  try {
    await publishVersion(run, version, summary)
  } catch (error) {
    if (endsRun(error)) throw error
    summary.errors.push(message(error))
  }
  await noteVersion(run, version, load)
}

/**
 * Assigns the staging to this version. Rows that a killed run staged for it stay. Rows for another
 * version are deleted and read again with that version. Returns the id of the dataset version.
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
  run.registry = await loadRegistry(db, { stagedOnly: run.replacesSample })
  return id
}

/** More removed spans than this are a backfill, not a day's changes. */
const MANY_REMOVED = 10_000

/** Publishes the version if this run or a killed one staged anything of it. */
async function publishVersion(run: Run, version: Version, summary: VersionSummary): Promise<void> {
  const [staging] = await run.db<{ dataset_id: number }[]>`
    select s.dataset_id from ingestion.staging s join ingestion.datasets d on d.id = s.dataset_id
    where d.dataset_id = ${run.options.datasetId} and d.version = ${version.name}`
  if (staging === undefined) return
  const { runId, backendPid, options } = run
  options.onProgress?.({ version: version.name, doing: 'publishing', file: '', done: 1 })
  summary.published = await publishStaged(run.db, {
    runId,
    backendPid,
    datasetId: staging.dataset_id,
    staleAfterDays: options.staleAfterDays,
    notAfter: lastMomentOf(version, Date.now()),
    replacesSample: run.replacesSample,
  })
  run.replacesSample = false
  if (summary.published.spansRemoved > MANY_REMOVED) await vacuumPrices(run.db)
}

/**
 * Records that the version is loaded, with its counts of new and known files and rows. The
 * completion time changes only if the load changed the dataset.
 */
async function noteVersion(
  { db, options }: Run,
  { name, date, path }: Version,
  { summary, files }: VersionLoad,
): Promise<void> {
  const status = summary.errors.length > 0 ? 'failed' : 'completed'
  const rows = files.reduce((sum, file) => sum + file.rows, 0)
  const changed = summary.published?.changed === true
  await db`
    insert into ingestion.datasets as d
      (dataset_id, version, download_date, manifest_path, status, total_files, total_records, completed_at)
    values (${options.datasetId}, ${name}, ${date}, ${basename(path)}, ${status}, ${files.length}, ${rows}, now())
    on conflict (dataset_id, version) do update set status = excluded.status, total_files = excluded.total_files,
      total_records = excluded.total_records,
      completed_at = case when ${changed} then now() else coalesce(d.completed_at, now()) end
    where (d.status, d.total_files, d.total_records)
      is distinct from (excluded.status, excluded.total_files, excluded.total_records)`
}
