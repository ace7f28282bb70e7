import { createHash, type Hash } from 'node:crypto'
import type { Sql, Tx } from '../../../src/db/connect.ts'
import { detectMasking } from '../files/masking.ts'
import { reconcile } from '../files/parser-status.ts'
import type { CsvName } from '../files/source-file.ts'
import { AHEAD, lastMomentOf, lastStoreMomentOf } from '../files/version-end.ts'
import type { Version, VersionFile } from '../files/versions.ts'
import { readPriceFile } from '../lists/price-file.ts'
import { readPromoFile } from '../lists/promo-file.ts'
import { readStoreFile } from '../lists/store-file.ts'
import { type Fresh, isEmpty, loadRegistry, type Registry, takeFresh } from '../staging/registry.ts'
import {
  isKnownList,
  PRICE_LISTS,
  PROMOTION_LISTS,
  type SourceFileResult,
  stageSourceFile,
} from '../staging/staging.ts'
import { endsRun } from './failure.ts'
import { stoppable } from './interruption.ts'
import { assertLocked } from './lock.ts'
import { addRead, addReconciled, type LoadedFile, type VersionSummary } from './summary.ts'

/** The options of a run. */
export type IngestOptions = {
  /** The dataset that the versions belong to, such as `owner/name` on Kaggle. */
  datasetId: string
  staleAfterDays: number
  /** Who started the run: `command`, `api`, `start`, `schedule`. */
  trigger: string
  /** Also reads files and lists that were loaded before. */
  force?: boolean
  /** Reads and counts without writing. */
  dryRun?: boolean
  /**
   * URL of the service for names of settlements, used if stores need them; absent or empty for
   * none.
   */
  settlementsUrl?: string
  /** Stops the run cleanly within seconds; the next run resumes from there. */
  signal?: AbortSignal
  /** Called with the run's id when its row is written. */
  onBegin?: ((runId: number) => void) | undefined
  /** Called from time to time. */
  onProgress?: (progress: Progress) => void
}

/**
 * The progress of a run: the version, the phase, the file, and the share done (0–1, of the
 * version's bytes).
 */
export type Progress = { version: string; doing: Doing; file: string; done: number }
/** A file with the length of a loaded file is checked by its digest before it is read. */
export type Doing = 'fetching' | 'checking' | 'reading' | 'publishing'

/** The state of a run. Its single connection holds the lock, so a lost connection ends the run. */
export type Run = {
  db: Sql
  options: IngestOptions
  runId: number
  backendPid: number
  registry: Registry
  /** True while only the sample is published; the first publish removes it. */
  replacesSample: boolean
  /** Aborts when the run must end, with the error to throw as its reason. */
  signal: AbortSignal
}

/** A CSV of a version; `report` is called with the bytes read. */
export type FileToLoad = {
  version: Version
  file: VersionFile
  name: CsvName
  report: (doing: Doing, bytes: number) => void
}

/**
 * The record of a file that was published before, or staged by a killed run of the same version;
 * null for any other. The digest is computed only for a file of equal length.
 */
export async function findKnownFile(
  run: Run,
  { version, file, report }: FileToLoad,
): Promise<LoadedFile | null> {
  const { db, options, signal } = run
  const staged = db`ingestion.staged_files s join ingestion.datasets d on d.id = s.dataset_id
    where d.dataset_id = ${options.datasetId} and d.version = ${version.name}`
  const [sameLength] = await db`
    select from ingestion.files where bytes = ${file.bytes}
    union all select from ${staged} and bytes = ${file.bytes} limit 1`
  if (sameLength === undefined) return null
  const hash = createHash('sha256')
  const check = watched(file.open(), hash, (bytes) => report('checking', bytes))
  for await (const _ of stoppable(check, signal));
  const sha256 = hash.digest()
  const [fileRow] = await db<{ rows: string }[]>`
    select rows from ingestion.files where sha256 = ${sha256}
    union all select rows from ${staged} and sha256 = ${sha256} limit 1`
  return fileRow === undefined
    ? null
    : { name: file.name, bytes: file.bytes, sha256, rows: Number(fileRow.rows) }
}

/**
 * Reads one CSV into the staging of a dataset version. A failure removes its staged lists; an
 * interruption keeps them.
 */
export async function loadFile(
  run: Run,
  { version, file, name, report }: FileToLoad,
  { dataset, summary }: { dataset: number; summary: VersionSummary },
): Promise<LoadedFile> {
  const { db, options, registry, signal } = run
  const { slug, family } = name
  const ofPromotions = family === 'promo_full' || family === 'promo'
  const lists = ofPromotions ? PROMOTION_LISTS : PRICE_LISTS
  const origin = {
    lists,
    runId: run.runId,
    datasetId: dataset,
    version: version.name,
    fileName: file.name,
  }
  const stage = async (result: SourceFileResult, fresh: Fresh) => {
    const assertOurs = (tx: Tx) => assertLocked(tx, run.backendPid)
    if (result.list !== null && !options.force && (await isKnownList(db, lists, result.sha256))) {
      summary[ofPromotions ? 'promotion_lists_known' : 'lists_known']++
      const nothing = { ...result, list: null, storeFacts: [], descriptions: [], rejects: [] }
      // the first row of the next list is already read and may have added new entries
      if (!isEmpty(fresh)) await stageSourceFile(db, fresh, origin, nothing, assertOurs)
      return
    }
    if (result.list !== null) summary[ofPromotions ? 'promotion_lists_read' : 'lists_read']++
    await stageSourceFile(db, fresh, origin, result, assertOurs)
  }
  const rowsRead = new Map<string, number>()
  const ahead: string[] = []
  /** Stages one source file while the next one is read. */
  let staged: Promise<void> = Promise.resolve()
  const onSourceFile = async (result: SourceFileResult) => {
    summary.rejects += result.rejects.length
    if (result.rejects[0]?.reason.startsWith(AHEAD)) ahead.push(result.fileName)
    rowsRead.set(result.fileName, (rowsRead.get(result.fileName) ?? 0) + result.rows)
    const fresh = takeFresh(registry)
    if (!options.dryRun) {
      await staged
      staged = stage(result, fresh)
      staged.catch(() => {})
    }
    signal.throwIfAborted()
  }
  const hash = createHash('sha256')
  try {
    const masking = await detectMasking(stoppable(file.open(), signal))
    const chunks = watched(file.open(), hash, (bytes) => report('reading', bytes))
    const full = family === 'price_full' || family === 'promo_full'
    const read = family === 'store' ? readStoreFile : ofPromotions ? readPromoFile : readPriceFile
    const lastMoment = family === 'store' ? lastStoreMomentOf : lastMomentOf
    const notAfter = lastMoment(version, Date.now())
    const counts = await read(chunks, { masking, slug, registry, full, notAfter, onSourceFile })
    await staged
    addReconciled(summary, await reconcile(version, name, rowsRead))
    summary.files_read++
    addRead(summary, name, { name: file.name, counts })
    const sha256 = hash.digest()
    summary.lists_ahead += ahead.length
    if (ahead.length > 0) summary.warnings.push(aheadWarning(file.name, ahead))
    // lists later than this version may be valid in a later one, so the file must be read again
    // then
    if (!options.dryRun && ahead.length === 0) {
      await db`insert into ingestion.staged_files (sha256, dataset_id, name, bytes, rows, rejects)
        values (${sha256}, ${dataset}, ${file.name}, ${file.bytes}, ${counts.rows}, ${counts.rejects})
        on conflict do nothing`
    }
    return { name: file.name, bytes: file.bytes, sha256, rows: counts.rows }
  } catch (error) {
    await staged.catch(() => {})
    if (!endsRun(error)) {
      if (!options.dryRun) await db`delete from ${db(lists.staged)} where file = ${file.name}`
      run.registry = await loadRegistry(db, { stagedOnly: run.replacesSample })
    }
    throw error
  }
}

/** A warning with the lists of a CSV whose timestamp is after the day of their version. */
function aheadWarning(file: string, names: readonly string[]): string {
  const [first] = names
  const others = names.length > 1 ? ` and ${names.length - 1} more` : ''
  return `${file}: not loaded, from the future: ${first}${others}`
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
