import { rmSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder, writing } from './disk.ts'

/** A partial download older than this is removed. */
const ABANDONED_MS = 7 * 24 * 3_600_000

/** The folder of a version while it is downloaded and loaded. */
export type DownloadFolder = { path: string; remove(): void }

/** The folder in which a version is downloaded; a later run resumes there. */
export async function openFolder(datasetFolder: string, version: number): Promise<DownloadFolder> {
  const path = join(datasetFolder, String(version))
  await makeFolder(path)
  const now = new Date()
  await writing(path, () => utimes(path, now, now))
  return folder(path)
}

/** A separate folder: a dry run takes no lock and must not write where another run does. */
export async function openFolderApart(
  datasetFolder: string,
  version: number,
): Promise<DownloadFolder> {
  await makeFolder(datasetFolder)
  return folder(await writing(datasetFolder, () => mkdtemp(join(datasetFolder, `${version}-dry-`))))
}

function folder(path: string): DownloadFolder {
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Removes the folders of interrupted runs that were never resumed. */
export async function removeAbandoned(datasetFolder: string, now: number): Promise<void> {
  const names = await readdir(datasetFolder).catch(() => [])
  for (const name of names) {
    const path = join(datasetFolder, name)
    const info = await stat(path).catch(() => null)
    if (info !== null && now - info.mtimeMs > ABANDONED_MS)
      await writing(path, () => rm(path, { recursive: true, force: true }))
  }
}
