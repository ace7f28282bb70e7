import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readCsvName } from '../files/source-file.ts'
import { openVersion, versionName } from '../files/versions.ts'
import type { DatasetSource } from '../runs/dataset-source.ts'

/** A path without a version: a usage error, not an error in the data. */
export class NoVersionError extends Error {}

/**
 * A source of the versions that `findVersions` finds at the given paths. None is skipped, because
 * known files are skipped one by one.
 */
export function pathSource(paths: string[]): DatasetSource {
  const versions = async () => {
    const versionPaths = await findVersions(paths)
    return versionPaths.map((path) => ({ name: versionName(path), open: () => openVersion(path) }))
  }
  return { versions }
}

/**
 * The versions at the given paths, in that order. A zip or a directory of CSVs is one version; a
 * directory of zips or of such directories holds several, sorted by name. Rejects with
 * `NoVersionError` for a path without a version.
 */
export async function findVersions(paths: string[]): Promise<string[]> {
  const found: string[] = []
  for (const path of paths) found.push(...(await versionsAt(path)))
  return found
}

async function versionsAt(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => null)
  if (info === null)
    throw new NoVersionError(`Cannot load ${path}: there is no such file or directory`)
  if (info.isFile()) {
    if (path.toLowerCase().endsWith('.zip')) return [path]
    throw new NoVersionError(`Cannot load ${path}: it is neither a directory nor a zip`)
  }
  const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )
  if (entries.some((entry) => readCsvName(entry.name) !== null)) return [path]
  const inside: string[] = []
  for (const entry of entries) {
    const child = join(path, entry.name)
    if (entry.name.toLowerCase().endsWith('.zip')) inside.push(child)
    else if ((await namesIn(child)).some((name) => readCsvName(name) !== null)) inside.push(child)
  }
  if (inside.length > 0) return inside
  throw new NoVersionError(
    `Cannot load ${path}: it holds no dataset files (such as price_full_file_….csv) and no zips`,
  )
}

/** The names in a folder or a linked folder; none for anything else or an unreadable folder. */
async function namesIn(path: string): Promise<string[]> {
  return readdir(path).catch(() => [])
}
