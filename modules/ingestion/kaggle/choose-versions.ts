import { israelDate } from '../../../src/israel-time.ts'
import type { Kaggle } from './client/client.ts'
import { type Dataset, type DatasetVersion, listFiles } from './dataset.ts'

/** Which versions are wanted; without any of these the newest one. `since` is a day, `YYYY-MM-DD`. */
export type Choice = { version?: number; all?: boolean; since?: string }

/** The versions that are wanted, oldest first. */
export async function chooseVersions(
  kaggle: Kaggle,
  { newest, versions }: Dataset,
  { choice, signal }: { choice: Choice; signal: AbortSignal },
): Promise<DatasetVersion[]> {
  const { version: number, since } = choice
  if (choice.all) return versions
  if (since !== undefined) return publishedSince(kaggle, versions, { since, signal })
  if (number === undefined) return [newest]
  if (number > newest.number)
    throw new Error(
      `Cannot load version ${number} of ${kaggle.dataset}: the newest is ${newest.number}`,
    )
  return [versions.find((version) => version.number === number) ?? { number, created: null }]
}

type Since = { since: string; signal: AbortSignal }

/** Where the dataset does not tell the date of a version, one of its files does. */
async function publishedSince(
  kaggle: Kaggle,
  versions: DatasetVersion[],
  { since, signal }: Since,
) {
  const chosen: DatasetVersion[] = []
  for (const version of versions.toReversed()) {
    const created = version.created ?? (await dateOfFiles(kaggle, version.number, signal))
    if (dayOf(created) < since) break
    chosen.unshift({ ...version, created })
  }
  return chosen
}

async function dateOfFiles(kaggle: Kaggle, version: number, signal: AbortSignal): Promise<string> {
  for await (const { created } of listFiles(kaggle, version, { signal, pageSize: 1 }))
    if (created !== null) return created
  throw new Error(
    `Cannot tell the date of version ${version} of ${kaggle.dataset}: Kaggle does not say it`,
  )
}

/** Israel's day of a moment as the API says it; '' for what is none. */
export function dayOf(moment: string): string {
  const ms = Date.parse(moment)
  return Number.isNaN(ms) ? '' : israelDate(ms)
}
