import { createWriteStream, rmSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { FileStorage } from '../../../src/storage/file-storage.ts'
import { openVersion, type Version } from '../files/versions.ts'
import type { AskingRun, DatasetSource, SourceVersion } from '../runs/dataset-source.ts'
import { message } from '../runs/failure.ts'
import { NoVersionError } from '../sources/path-source.ts'
import {
  archiveKey,
  byAge,
  type LoadSummary,
  listArchives,
  listRaw,
  type Manifest,
  rawKey,
} from './kept-version.ts'

export type ArchiveSourceOptions = {
  datasetId: string
  /** Days, or folders where a day has several versions; empty for all. */
  dates: string[]
  /** Folder for zips while they are loaded. It belongs to one run and is emptied at the start. */
  spool: string
}

/**
 * The versions kept in a storage, oldest first: their zips, or their files where there is no zip.
 * Rejects with `NoVersionError` for a day that is not kept.
 */
export function archiveSource(storage: FileStorage, options: ArchiveSourceOptions): DatasetSource {
  return { versions: async (run) => offer(await choose(storage, options), { ...options, ...run }) }
}

type Kept = {
  folder: string
  about: LoadSummary | Manifest
  open(work: OpenWork): Promise<Version>
}
type OpenWork = Parameters<SourceVersion['open']>[0]

async function choose(
  storage: FileStorage,
  { datasetId, dates, spool }: ArchiveSourceOptions,
): Promise<Kept[]> {
  const kept = new Map<string, Kept>()
  for await (const about of listRaw(storage)) {
    const { complete, folder } = about
    if (complete)
      kept.set(folder, { folder, about, open: async () => openRaw(storage, folder, about) })
  }
  for await (const about of listArchives(storage)) {
    const { folder } = about
    kept.set(folder, {
      folder,
      about,
      open: (work) => openArchive(storage, folder, { ...work, about, spool }),
    })
  }
  const all = [...kept.values()].filter(({ about }) => about.dataset === datasetId)
  const isAskedFor = ({ folder, about }: Kept, date: string) =>
    folder === date || about.date === date
  const missing = dates.find((date) => !all.some((one) => isAskedFor(one, date)))
  if (missing !== undefined)
    throw new NoVersionError(`Cannot load ${missing}: it is not kept in ${storage.place}`)
  if (all.length === 0)
    throw new NoVersionError(`Cannot load versions from ${storage.place}: none is kept there`)
  const chosen =
    dates.length === 0 ? all : all.filter((one) => dates.some((date) => isAskedFor(one, date)))
  return chosen.sort((a, b) => byAge(a.about, b.about))
}

async function* offer(
  chosen: Kept[],
  { isLoaded, spool }: ArchiveSourceOptions & AskingRun,
): AsyncGenerator<SourceVersion> {
  await rm(spool, { recursive: true, force: true })
  for (const { about, open } of chosen) {
    if (!(await isLoaded(about.version))) yield { name: about.version, open }
  }
}

function openRaw(
  storage: FileStorage,
  folder: string,
  { version, date, files }: Manifest,
): Version {
  const inStorage = files.map(({ name, bytes }) => ({
    name,
    bytes,
    open: () => storage.open(rawKey(folder, name)),
  }))
  return { name: version, path: rawKey(folder, ''), date, files: inStorage, close: () => {} }
}

type ArchiveWork = OpenWork & { about: LoadSummary; spool: string }

/** A zip is read at random positions, which needs a local file. */
async function openArchive(
  storage: FileStorage,
  folder: string,
  { about, spool, signal, report }: ArchiveWork,
): Promise<Version> {
  const key = archiveKey(folder)
  const path = join(spool, `${folder}.zip`)
  const remove = () => rmSync(path, { force: true })
  try {
    const all = (await storage.stat(key))?.bytes ?? 0
    await mkdir(spool, { recursive: true })
    await pipeline(
      reported(storage.open(key), (bytes) => report(bytes / all)),
      createWriteStream(path),
      { signal },
    )
    const version = await openVersion(path)
    const close = () => {
      version.close()
      remove()
    }
    return { ...version, name: about.version, date: version.date ?? about.date, close }
  } catch (error) {
    remove()
    signal.throwIfAborted()
    throw new Error(`Cannot load ${key} of ${storage.place} through ${path}: ${message(error)}`, {
      cause: error,
    })
  }
}

async function* reported(
  chunks: AsyncIterable<Uint8Array>,
  report: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of chunks) {
    yield chunk
    bytes += chunk.length
    report(bytes)
  }
}
