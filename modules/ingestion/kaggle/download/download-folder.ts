import { rmSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder, writing } from './disk.ts'

/** What no run has gone on with for so long is of no use any more. */
const ABANDONED_MS = 7 * 24 * 3_600_000

/** A version's folder while it is fetched and loaded. */
export type DownloadFolder = { path: string; remove(): void }

/** The folder in which a version is fetched, and goes on being fetched when a run broke off. */
export async function openFolder(datasetFolder: string, version: number): Promise<DownloadFolder> {
  const path = join(datasetFolder, String(version))
  await makeFolder(path)
  const now = new Date()
  await writing(path, () => utimes(path, now, now))
  return folder(path)
}

/** A folder of its own: a dry run takes no lock, and must not write into what another run writes. */
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

/** Removes the folders of runs that broke off and never came back to them. */
export async function removeAbandoned(datasetFolder: string, now: number): Promise<void> {
  const names = await readdir(datasetFolder).catch(() => [])
  for (const name of names) {
    const path = join(datasetFolder, name)
    const info = await stat(path).catch(() => null)
    if (info !== null && now - info.mtimeMs > ABANDONED_MS)
      await writing(path, () => rm(path, { recursive: true, force: true }))
  }
}
