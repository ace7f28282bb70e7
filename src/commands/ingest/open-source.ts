import { join } from 'node:path'
import {
  type Choice,
  type DatasetSource,
  kaggleSource,
  keepingSource,
  openKaggle,
  pathSource,
  readSourceUrl,
  type Source,
} from '../../../modules/ingestion/index.ts'
import type { Env } from '../../env.ts'
import type { Logger } from '../../log.ts'
import { openFileStorage } from '../../storage/open-storage.ts'

/** What a run loads: a source, and the name of its dataset (`owner/name`). */
export type Opened = { source: DatasetSource; datasetId: string }

/** Opens a Kaggle dataset. Its versions are archived while they are loaded. */
export function openKaggleDataset(
  { env, log }: { env: Env; log: Logger },
  { datasetId, choice, dryRun }: { datasetId: string; choice: Choice; dryRun: boolean },
): Opened {
  const downloads = env.kaggleDownloadDir || join(env.dataDir, 'downloads')
  const source = kaggleSource(() => openKaggle({ ...env, datasetId }, log), {
    choice,
    downloads,
    dryRun,
    log,
  })
  const kept = keepingSource(source, {
    storage: openFileStorage(env),
    datasetId,
    source: env.kaggleApiEndpoint,
    keepArchives: env.keepArchiveVersions,
    keepRaw: env.keepRawVersions,
  })
  return { source: kept, datasetId }
}

/** Opens a registered dataset. For datasets that are not from Kaggle, all versions are loaded. */
export function openRegistered(
  { kind, source_url }: Source,
  by: { env: Env; log: Logger },
  options: { choice: Choice; dryRun: boolean },
): Opened {
  const place = readSourceUrl(kind, source_url)
  if (place === undefined) throw new Error(`Cannot load from ${source_url}: it is no ${kind}`)
  if (kind === 'kaggle') return openKaggleDataset(by, { ...options, datasetId: place })
  return { source: pathSource([place]), datasetId: by.env.datasetId }
}
