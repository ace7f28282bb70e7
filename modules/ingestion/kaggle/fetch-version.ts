import type { Logger } from '../../../src/log.ts'
import type { Version } from '../files/versions.ts'
import { message } from '../runs/failure.ts'
import type { Kaggle } from './client/client.ts'
import { isKaggleError } from './client/kaggle-error.ts'
import { fetchFiles } from './single-files.ts'
import { fetchWhole, type VersionWork } from './whole-version.ts'

/** Downloads a version as one zip, or file by file without a readable zip. */
export async function fetchVersion(
  kaggle: Kaggle,
  work: VersionWork,
  log: Logger,
): Promise<Version> {
  try {
    return await fetchWhole(kaggle, work)
  } catch (error) {
    if (!isKaggleError(error, 'NOT_FOUND', 'FORBIDDEN', 'BROKEN_FILE')) throw error
    log.warn({ reason: error.message }, 'fetching the version file by file')
    try {
      return await fetchFiles(kaggle, work, log)
    } catch (second) {
      work.signal.throwIfAborted()
      throw new Error(`${message(second)}; its zip before that: ${error.message}`)
    }
  }
}
