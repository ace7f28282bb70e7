import { existsSync, mkdirSync } from 'node:fs'
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  ingest,
  LockedError,
  pathSource,
  SAMPLE_DATASET_ID,
} from '../../modules/ingestion/index.ts'
import type { Logger } from '../../src/log.ts'
import { writeSample } from './generate.ts'

/**
 * Writes the sample into `dataDir/sample` and loads it. Does nothing when another process is
 * loading: a first start at the same time, or real data.
 * @throws Error when a file of the sample cannot be loaded
 */
export async function loadSampleDataset(
  url: string,
  { dataDir, staleAfterDays, log }: { dataDir: string; staleAfterDays: number; log: Logger },
): Promise<void> {
  const folder = join(dataDir, 'sample')
  try {
    const versions = await openSample(dataDir, folder)
    const { errors, seconds } = await ingest(url, pathSource(versions), {
      datasetId: SAMPLE_DATASET_ID,
      staleAfterDays,
      trigger: 'start',
    })
    if (errors.length > 0) throw new Error(`Cannot load the sample dataset: ${errors.join('; ')}`)
    log.info({ versions: versions.length, seconds, folder }, 'loaded the sample dataset')
  } catch (error) {
    if (!(error instanceof LockedError)) throw error
    log.warn('another process is loading data: serving what there is, without the sample')
  }
}

/** Written to a temporary name first: another process may read the file in its final place. */
async function openSample(dataDir: string, folder: string): Promise<string[]> {
  if (!existsSync(folder)) {
    mkdirSync(dataDir, { recursive: true })
    const writing = await mkdtemp(join(dataDir, 'sample.new-'))
    await writeSample(writing)
    await rename(writing, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error
      return rm(writing, { recursive: true })
    })
  }
  const names = await readdir(folder)
  return names.sort().map((name) => join(folder, name))
}
