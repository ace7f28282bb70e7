import { failed, getJson, type Kaggle, type Wanted } from './client/client.ts'

/** A version of the dataset; `created` is the API's timestamp, where it has one. */
export type DatasetVersion = { number: number; created: string | null }

/** The versions of the dataset, oldest first. */
export type Dataset = { newest: DatasetVersion; versions: DatasetVersion[] }

/** A file in the list of a version. */
export type ListedFile = { name: string; bytes: number; created: string | null }

const PAGE_SIZE = 200

/** Gets the dataset's versions with one request. */
export async function viewDataset(kaggle: Kaggle, signal: AbortSignal): Promise<Dataset> {
  const wanted = {
    name: `the dataset ${kaggle.dataset}`,
    path: `datasets/view/${kaggle.dataset}`,
    signal,
  }
  const { currentVersionNumber: current, lastUpdated, versions } = await getJson(kaggle, wanted)
  if (!isVersionNumber(current))
    throw badJson(kaggle, wanted, 'it does not say which version is the newest')
  const created = new Map<number, string | null>()
  for (const one of Array.isArray(versions) ? versions : []) {
    const { versionNumber, creationDate } = Object(one)
    if (isVersionNumber(versionNumber) && versionNumber <= current)
      created.set(versionNumber, text(creationDate))
  }
  const newest = { number: current, created: created.get(current) ?? text(lastUpdated) }
  created.delete(current)
  const listed =
    created.size > 0 ? [...created.keys()] : Array.from({ length: current - 1 }, (_, i) => i + 1)
  const older = listed
    .sort((a, b) => a - b)
    .map((number) => ({ number, created: created.get(number) ?? null }))
  return { newest, versions: [...older, newest] }
}

/** Lists the files of a version, page after page. `pageSize` is at most 200. */
export async function* listFiles(
  kaggle: Kaggle,
  version: number,
  { signal, pageSize = PAGE_SIZE }: { signal: AbortSignal; pageSize?: number },
): AsyncGenerator<ListedFile> {
  const seen = new Set<string>()
  for (let token = ''; ; ) {
    const query = {
      datasetVersionNumber: version,
      pageSize,
      ...(token === '' ? {} : { pageToken: token }),
    }
    const wanted = {
      name: `the files of version ${version}`,
      path: `datasets/list/${kaggle.dataset}`,
      query,
      signal,
    }
    const { datasetFiles, nextPageToken, errorMessage } = await getJson(kaggle, wanted)
    if (text(errorMessage) !== null) throw badJson(kaggle, wanted, `it says: ${errorMessage}`)
    if (!Array.isArray(datasetFiles))
      throw badJson(kaggle, wanted, 'what it sent is no list of files')
    for (const file of datasetFiles) {
      const { name, totalBytes, creationDate } = Object(file)
      if (typeof name !== 'string')
        throw badJson(kaggle, wanted, 'what it sent is no list of files')
      yield { name, bytes: Number(totalBytes) || 0, created: text(creationDate) }
    }
    token = text(nextPageToken) ?? ''
    if (token === '') return
    if (seen.has(token)) throw badJson(kaggle, wanted, 'its pages go round in a circle')
    seen.add(token)
  }
}

function badJson({ endpoint, credentials }: Kaggle, wanted: Wanted, reason: string): Error {
  return failed(wanted, new URL(endpoint), 'BAD_ANSWER', credentials?.conceal(reason) ?? reason)
}

function isVersionNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}

/** Null also for an empty text. */
function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
