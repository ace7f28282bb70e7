import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { FileStorage } from '../../../src/storage/file-storage.ts'
import type { Version } from '../files/versions.ts'
import { message } from '../runs/failure.ts'
import { stoppable } from '../runs/interruption.ts'
import type { VersionLoad } from '../runs/load-version.ts'
import type { LoadedFile } from '../runs/summary.ts'
import {
  archiveKey,
  type KeptFile,
  MANIFEST,
  type Manifest,
  rawKey,
  readLoadSummary,
  readManifest,
  removeRaw,
  summaryKey,
  writeJson,
} from './kept-version.ts'
import { type Retention, removeOldest } from './retention.ts'

/** How versions are kept; `source` names where they are downloaded from. */
export type Keeping = Retention & { source: string }

/** A downloaded and loaded version that is still open. */
export type Downloaded = {
  version: Version
  load: VersionLoad
  startedAt: Date
  endedAt: Date
  signal: AbortSignal
}

/**
 * Keeps a version: `processed/DATE/load_summary.json`; its zip, if it came as one, as
 * `archive/DATE.zip`; its files and their manifest in `raw/DATE/`. Then removes the oldest ones. A
 * failure of the zip does not stop the files, or the reverse; the error names each failure. Returns
 * the key of the manifest.
 */
export async function keepVersion(
  keeping: Keeping,
  downloaded: Downloaded,
): Promise<string | undefined> {
  const { storage, keepArchives, keepRaw } = keeping
  const { version, load, signal } = downloaded
  const folder = await claimFolder(keeping, version)
  const manifest = manifestOf(keeping, downloaded)
  const { dataset, kept_at } = manifest
  const files = load.files.map(toKept)
  await writeJson(storage, summaryKey(folder), {
    dataset,
    run_id: load.runId,
    kept_at,
    ...load.summary,
    files,
  })

  const failures: string[] = []
  const attempt = async (work: () => Promise<unknown>) => {
    if (!signal.aborted) await work().catch((error) => failures.push(message(error)))
  }
  if (keepArchives > 0 && version.path.toLowerCase().endsWith('.zip'))
    await attempt(() =>
      storage.put(archiveKey(folder), stoppable(createReadStream(version.path), signal)),
    )
  if (keepRaw > 0) await attempt(() => putRaw(storage, folder, { manifest, version, signal }))
  await attempt(() => removeOldest(keeping, folder))
  if (failures.length > 0) throw new Error(failures.join('; '))
  return keepRaw > 0 ? rawKey(folder, MANIFEST) : undefined
}

/**
 * The folder of a version: its day; `DAY_VERSION` when another version of the same day has that
 * already; and `DAY_OWNER-NAME_VERSION` when another dataset has that. A version that is kept again
 * takes its own place.
 */
async function claimFolder(
  { storage, datasetId }: Keeping,
  { name, date }: Version,
): Promise<string> {
  const plain = (text: string) => text.replace(/[^\w.-]+/g, '-')
  const version = plain(name)
  const ofDataset = `${plain(datasetId)}_${version}`
  const folders =
    date === null ? [version, ofDataset] : [date, `${date}_${version}`, `${date}_${ofDataset}`]
  for (const folder of folders) {
    const kept = await readLoadSummary(storage, folder)
    const isOurs = kept?.dataset === datasetId && kept.version === name
    if (isOurs || (kept === null && (await isFree(storage, folder)))) return folder
  }
  throw new Error(
    `Cannot keep version ${name} in ${storage.place}: ${folders.join(' and ')} are taken`,
  )
}

async function isFree(storage: FileStorage, folder: string): Promise<boolean> {
  for (const key of [summaryKey(folder), archiveKey(folder)])
    if ((await storage.stat(key)) !== null) return false
  for await (const _ of storage.list(rawKey(folder, ''))) return false
  return true
}

function manifestOf(
  { datasetId, source }: Keeping,
  { version, load, startedAt, endedAt }: Downloaded,
): Manifest {
  const loaded = new Map(load.files.map((file) => [file.name, file]))
  return {
    dataset: datasetId,
    version: version.name,
    date: version.date,
    source,
    download_started_at: startedAt.toISOString(),
    download_ended_at: endedAt.toISOString(),
    kept_at: new Date().toISOString(),
    complete: false,
    files: version.files
      .filter(({ name }) => name !== MANIFEST)
      .map(({ name, bytes }) => toKept(loaded.get(name) ?? { name, bytes })),
  }
}

function toKept({
  name,
  bytes,
  sha256,
  rows,
}: Pick<LoadedFile, 'name' | 'bytes'> & Partial<LoadedFile>): KeptFile {
  return { name, bytes, sha256: sha256?.toString('hex') ?? null, rows: rows ?? null }
}

type RawWork = { manifest: Manifest; version: Version; signal: AbortSignal }

/**
 * Writes the manifest first, incomplete, so that files left by a killed process are known by name,
 * and again after all files. Files of an earlier copy of the version that it no longer has are
 * removed.
 */
async function putRaw(
  storage: FileStorage,
  folder: string,
  { manifest, version, signal }: RawWork,
): Promise<void> {
  const named = new Map(manifest.files.map((file) => [file.name, file]))
  const gone = ((await readManifest(storage, folder))?.files ?? []).filter(
    ({ name }) => !named.has(name),
  )
  const under = { ...manifest, files: [...manifest.files, ...gone] }
  try {
    await writeJson(storage, rawKey(folder, MANIFEST), under)
    const files: KeptFile[] = []
    for (const file of version.files) {
      const kept = named.get(file.name)
      if (kept === undefined) continue
      const hash = createHash('sha256')
      const bytes = await storage.put(
        rawKey(folder, file.name),
        hashed(stoppable(file.open(), signal), hash),
      )
      files.push({ ...kept, bytes, sha256: hash.digest('hex') })
    }
    for (const { name } of gone) await storage.remove(rawKey(folder, name))
    await writeJson(storage, rawKey(folder, MANIFEST), { ...manifest, complete: true, files })
  } catch (error) {
    // files that cannot be removed now are removed with a later version, by their manifest
    await removeRaw(storage, folder, under.files).catch(() => {})
    throw error
  }
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}
