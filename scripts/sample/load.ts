import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ingest, LockedError } from '../../modules/ingestion/index.ts'
import type { Logger } from '../../src/log.ts'
import { writeSample } from './generate.ts'

/** Kept apart from real versions by its name. */
const DATASET_ID = 'super-zol/sample'

/**
 * Writes the sample into `dataDir/sample` and loads it. Does nothing when another process is loading: a first start at
 * the same time, or real data.
 * @throws Error when a file of the sample cannot be loaded
 */
export async function loadSampleDataset(
  url: string,
  { dataDir, staleAfterDays, log }: { dataDir: string; staleAfterDays: number; log: Logger },
): Promise<void> {
  const folder = join(dataDir, 'sample')
  try {
    await rm(folder, { recursive: true, force: true })
    const versions = await writeSample(folder)
    const { errors, seconds } = await ingest(url, versions, { datasetId: DATASET_ID, staleAfterDays, trigger: 'start' })
    if (errors.length > 0) throw new Error(`Cannot load the sample dataset: ${errors.join('; ')}`)
    log.info({ versions: versions.length, seconds, folder }, 'loaded the sample dataset')
  } catch (error) {
    if (!(error instanceof LockedError)) throw error
    log.warn('another process is loading data: serving what there is, without the sample')
  }
}
