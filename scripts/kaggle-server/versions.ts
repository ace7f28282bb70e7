import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { writeSample } from '../sample/generate.ts'
import { listZip, type ZipEntry } from './read-zip.ts'
import { zipOf } from './write-zip.ts'

/** A served version: its zip and its metadata. */
export type ServedVersion = {
  number: number
  path: string
  bytes: number
  created: string
  files: ZipEntry[]
}

/** The zips of a folder, numbered from 1 by name. A zip named by a day was made that evening. */
export async function findZips(folder: string): Promise<ServedVersion[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.zip')).sort()
  return Promise.all(
    names.map(async (name, i) => {
      const path = join(folder, name)
      const { size, mtime } = await stat(path)
      const day = /^\d{4}-\d{2}-\d{2}(?=\.zip$)/.exec(name)?.[0]
      const created = day === undefined ? mtime.toISOString() : `${day}T20:30:00.000Z`
      return { number: i + 1, path, bytes: size, created, files: await listZip(path) }
    }),
  )
}

/**
 * Writes the generated sample as zips, one a day, into a folder of its own, and returns the folder.
 */
export async function zipSample(days: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'super-zol-kaggle-'))
  for (const version of await writeSample(join(folder, 'sample'), { days })) {
    const names = (await readdir(version)).sort()
    const files = await Promise.all(
      names.map(async (name) => [name, await readFile(join(version, name))] as const),
    )
    await writeFile(join(folder, `${basename(version)}.zip`), zipOf(Object.fromEntries(files)))
  }
  return folder
}
