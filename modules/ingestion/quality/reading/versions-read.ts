import { openVersion, type Version } from '../../files/versions.ts'
import { message } from '../../runs/failure.ts'
import { findVersions } from '../../sources/path-source.ts'

/**
 * Called with the next file and the share of its version that is read (0–1, of the files' bytes).
 */
export type OnFile = (at: { version: string; file: string; done: number }) => void

/** Reports the next file, in the order of the version's files. */
export function fileReporter({ name, files }: Version, onFile: OnFile): (file: string) => void {
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const before = new Map<string, number>()
  let bytes = 0
  for (const file of files) {
    before.set(file.name, bytes)
    bytes += file.bytes
  }
  return (file) => onFile({ version: name, file, done: (before.get(file) ?? 0) / Math.max(all, 1) })
}

/** The results of the versions, and the errors of those that could not be opened. */
export type VersionsRead<T> = { versions: T[]; errors: string[] }

/**
 * Opens the versions at the paths one after the other. A version that cannot be opened does not
 * stop the others. Rejects with `NoVersionError` for a path without a version.
 */
export async function readVersions<T>(
  paths: string[],
  read: (version: Version) => Promise<T>,
): Promise<VersionsRead<T>> {
  const versions: T[] = []
  const errors: string[] = []
  for (const path of await findVersions(paths)) {
    try {
      const version = await openVersion(path)
      try {
        versions.push(await read(version))
      } finally {
        version.close()
      }
    } catch (error) {
      errors.push(message(error))
    }
  }
  return { versions, errors }
}
