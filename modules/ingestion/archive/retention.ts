import type { FileStorage } from '../../../src/storage/file-storage.ts'
import {
  archiveKey,
  byAge,
  listArchives,
  listRaw,
  type Manifest,
  removeRaw,
} from './kept-version.ts'

/** How many versions of a dataset are kept, of their zips and of their files; 0 is none. */
export type Retention = {
  storage: FileStorage
  datasetId: string
  keepArchives: number
  keepRaw: number
}

/** What a process that was killed has left is older than any that may still be at work. */
const DAY_MS = 24 * 3_600_000

/**
 * Removes the zips and the files of the oldest versions, by the days that they cover, beyond those that are kept; of
 * the version that was just `written` none. What no manifest or summary of ours names stays, as do the summaries.
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
