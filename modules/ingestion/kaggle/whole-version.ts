import { join } from 'node:path'
import { openVersion, type Version } from '../files/versions.ts'
import { message } from '../runs/failure.ts'
import type { Kaggle } from './client/client.ts'
import { isKaggleError, KaggleError } from './client/kaggle-error.ts'
import { download, forget, type Target, type Work } from './download/download.ts'

/** A version to download and its folder. */
export type VersionWork = Work & { version: number; folder: string }

/**
 * Downloads a version as one zip and opens it. A zip that fails its checks or cannot be read is
 * downloaded once more.
 */
export async function fetchWhole(kaggle: Kaggle, work: VersionWork): Promise<Version> {
  const target: Target = {
    name: `version ${work.version} of ${kaggle.dataset}`,
    path: `datasets/download/${kaggle.dataset}`,
    query: { datasetVersionNumber: work.version },
    identity: `${kaggle.dataset}/${work.version}`,
    to: join(work.folder, 'dataset.zip'),
    part: join(work.folder, 'parts/dataset.zip'),
  }
  try {
    return await fetchOnce(kaggle, target, work)
  } catch (error) {
    if (!isKaggleError(error, 'BROKEN_FILE')) throw error
    return await fetchOnce(kaggle, target, work)
  }
}

async function fetchOnce(kaggle: Kaggle, target: Target, work: Work): Promise<Version> {
  const { hashed } = await download(kaggle, target, work)
  let version: Version | undefined
  try {
    version = await openVersion(target.to)
    // a matching MD5 proves the zip; without one, every file's checksum is read
    if (!hashed) await readThrough(version, work.signal)
    return version
  } catch (error) {
    version?.close()
    work.signal.throwIfAborted()
    await forget(target)
    throw new KaggleError(
      'BROKEN_FILE',
      `Cannot use ${target.name}: its zip is broken (${message(error)})`,
    )
  }
}

async function readThrough({ files }: Version, signal: AbortSignal): Promise<void> {
  for (const file of files) for await (const _ of file.open()) signal.throwIfAborted()
}
