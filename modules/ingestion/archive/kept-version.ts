import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { NotStoredError } from '../../../src/storage/failure.ts'
import type { FileStorage } from '../../../src/storage/file-storage.ts'

/** The three keys of a kept version, under the folder of its day. */
export const MANIFEST = 'download_manifest.json'
export const rawKey = (folder: string, name: string) => `raw/${folder}/${name}`
export const archiveKey = (folder: string) => `archive/${folder}.zip`
export const summaryKey = (folder: string) => `processed/${folder}/load_summary.json`

const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** `rows` of a CSV that was loaded. */
const keptFile = Type.Object({
  name: Type.String(),
  bytes: Type.Integer(),
  sha256: orNull(Type.String()),
  rows: orNull(Type.Integer()),
})

const about = {
  dataset: Type.String(),
  version: Type.String(),
  /** The day that the version covers. */
  date: orNull(Type.String()),
  kept_at: Type.String(),
}

/**
 * `raw/DATE/download_manifest.json`. Without `complete` a process was killed while it wrote the
 * named files.
 */
const manifest = Type.Object({
  ...about,
  source: Type.String(),
  download_started_at: Type.String(),
  download_ended_at: Type.String(),
  complete: Type.Boolean(),
  files: Type.Array(keptFile),
})

/** The fields read from `processed/DATE/load_summary.json`; the rest is the version's summary. */
const loadSummary = Type.Object({ ...about, run_id: Type.Integer(), files: Type.Array(keptFile) })

export type KeptFile = Static<typeof keptFile>
export type Manifest = Static<typeof manifest>
export type LoadSummary = Static<typeof loadSummary>

/** Null for a missing or foreign file. */
export function readManifest(storage: FileStorage, folder: string): Promise<Manifest | null> {
  return readJson(storage, rawKey(folder, MANIFEST), manifest)
}

/** Null for a missing or foreign file. */
export function readLoadSummary(storage: FileStorage, folder: string): Promise<LoadSummary | null> {
  return readJson(storage, summaryKey(folder), loadSummary)
}

async function readJson<T extends TSchema>(
  storage: FileStorage,
  key: string,
  schema: T,
): Promise<Static<T> | null> {
  const pieces: Uint8Array[] = []
  try {
    for await (const piece of storage.open(key)) pieces.push(piece)
    const value: unknown = JSON.parse(new TextDecoder().decode(Buffer.concat(pieces)))
    return Value.Check(schema, value) ? value : null
  } catch (error) {
    if (error instanceof NotStoredError || error instanceof SyntaxError) return null
    throw error
  }
}

export async function writeJson(
  storage: FileStorage,
  key: string,
  value: Manifest | LoadSummary,
): Promise<void> {
  const text = new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)
  async function* body() {
    yield text
  }
  await storage.put(key, body())
}

/** The folders of the kept zips, each with its version's summary. */
export async function* listArchives(
  storage: FileStorage,
): AsyncGenerator<LoadSummary & { folder: string }> {
  for await (const { key } of storage.list('archive/')) {
    const folder = /^archive\/([^/]+)\.zip$/.exec(key)?.[1]
    const summary = folder === undefined ? null : await readLoadSummary(storage, folder)
    if (folder !== undefined && summary !== null) yield { ...summary, folder }
  }
}

/** The folders of kept raw files, complete or not. */
export async function* listRaw(
  storage: FileStorage,
): AsyncGenerator<Manifest & { folder: string }> {
  for await (const { key } of storage.list('raw/')) {
    const [, folder, name] = /^raw\/([^/]+)\/([^/]+)$/.exec(key) ?? []
    const manifest =
      folder !== undefined && name === MANIFEST ? await readManifest(storage, folder) : null
    if (folder !== undefined && manifest !== null) yield { ...manifest, folder }
  }
}

/** Oldest first, by the day that a version covers, then by when it was kept. */
export function byAge(
  a: Pick<Manifest, 'date' | 'kept_at'>,
  b: Pick<Manifest, 'date' | 'kept_at'>,
): number {
  const [one, other] = [a, b].map(
    ({ date, kept_at }) => `${date ?? kept_at.slice(0, 10)} ${kept_at}`,
  )
  return (one ?? '') < (other ?? '') ? -1 : 1
}

/** Removes raw files and, last, the manifest that names them. Other files in the folder stay. */
export async function removeRaw(
  storage: FileStorage,
  folder: string,
  files: Pick<KeptFile, 'name'>[],
): Promise<void> {
  for (const { name } of files) await storage.remove(rawKey(folder, name))
  await storage.remove(rawKey(folder, MANIFEST))
}
