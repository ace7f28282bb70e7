import { israelDate } from '../../../src/israel-time.ts'
import type { Kaggle } from './client/client.ts'
import { type Dataset, type DatasetVersion, listFiles } from './dataset.ts'

/** Which versions to load; the newest by default. `since` is a day, `YYYY-MM-DD`. */
export type Choice = { version?: number; all?: boolean; since?: string }

/** The chosen versions, oldest first. */
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

/** The date of a version from one of its files, where the dataset has none. */
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

/** The day in Israel of a timestamp from the API; '' for an invalid one. */
export function dayOf(moment: string): string {
  const ms = Date.parse(moment)
  return Number.isNaN(ms) ? '' : israelDate(ms)
}
