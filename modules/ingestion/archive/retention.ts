import type { FileStorage } from '../../../src/storage/file-storage.ts'
import {
  archiveKey,
  byAge,
  listArchives,
  listRaw,
  type Manifest,
  removeRaw,
} from './kept-version.ts'

/** How many versions of a dataset keep their zips and their raw files; 0 for none. */
export type Retention = {
  storage: FileStorage
  datasetId: string
  keepArchives: number
  keepRaw: number
}

/** Files left by a killed process are older than this; a running process may own newer ones. */
const DAY_MS = 24 * 3_600_000

/**
 * Removes zips and raw files of the oldest versions, by day, beyond the number to keep; never those
 * of the version just `written`. Summaries stay, and so do files that no manifest or summary of
 * ours names.
 */
export async function removeOldest(retention: Retention, written: string): Promise<void> {
  const { storage, keepArchives, keepRaw } = retention
  for (const { folder } of surplus(
    await ours(listArchives(storage), retention),
    keepArchives,
    written,
  ))
    await storage.remove(archiveKey(folder))
  const raw = await ours(listRaw(storage), retention)
  const broken = raw.filter(({ complete, folder }) => !complete && folder !== written)
  const whole = raw.filter((one) => !broken.includes(one))
  for (const { folder, files } of [...broken, ...surplus(whole, keepRaw, written)])
    await removeRaw(storage, folder, files)
  await storage.cleanUp(new Date(Date.now() - DAY_MS), ['archive/', 'raw/', 'processed/'])
}

type Kept = Pick<Manifest, 'dataset' | 'date' | 'kept_at'> & { folder: string }

async function ours<T extends Kept>(all: AsyncIterable<T>, { datasetId }: Retention): Promise<T[]> {
  const found: T[] = []
  for await (const one of all) if (one.dataset === datasetId) found.push(one)
  return found
}

function surplus<T extends Kept>(all: T[], keep: number, written: string): T[] {
  const newest = all.toSorted(byAge).reverse()
  const spared = keep > 0 ? newest.filter(({ folder }) => folder === written) : []
  const others = newest.filter((one) => !spared.includes(one))
  return others.slice(Math.max(0, keep - spared.length))
}
