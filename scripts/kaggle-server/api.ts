import type { ServerResponse } from 'node:http'
import { sendError, sendJson } from './send.ts'
import { sign } from './signed-address.ts'
import { storagePath } from './storage.ts'
import type { ServedVersion } from './versions.ts'

const FILES_SHOWN = 20
const PAGE_SIZE = 20
const LARGEST_PAGE = 200

type Asked = { url: URL; dataset: string; versions: ServedVersion[]; storage: string }

/** Kaggle's API: a dataset's metadata, pages of a version's files, and redirects to downloads. */
export function answerApi(response: ServerResponse, call: string, asked: Asked): ServerResponse {
  if (call === 'view') return sendJson(response, 200, viewOf(asked))
  const version = versionOf(asked)
  if (version === undefined) return sendError(response, 404, 'Dataset version not found')
  if (call === 'list') return sendJson(response, 200, pageOf(version, asked.url))
  const file = fileOf(asked)
  if (file !== null && !version.files.some(({ name }) => name === file))
    return sendError(response, 404, 'File not found')
  return response
    .writeHead(302, { location: `${asked.storage}${sign(storagePath(version.number, file))}` })
    .end()
}

function viewOf({ dataset, versions }: Asked): Record<string, unknown> {
  const newest = versions.at(-1)
  const [owner, slug] = dataset.split('/')
  return {
    ref: dataset,
    ownerRef: owner,
    title: slug,
    isPrivate: false,
    currentVersionNumber: newest?.number ?? 0,
    lastUpdated: newest?.created,
    totalBytes: newest?.bytes,
    versions: versions
      .toReversed()
      .map(({ number, created }) => ({ versionNumber: number, creationDate: created })),
    files: newest?.files.slice(0, FILES_SHOWN).map((file) => listed(newest, file)),
  }
}

/** The requested version; the newest without a number. */
function versionOf({ url, versions }: Asked): ServedVersion | undefined {
  const number = queried(url, 'datasetVersionNumber')
  return number === undefined ? versions.at(-1) : versions[Number(number) - 1]
}

/** Undefined also for `None`, which the official client sends for no value. */
function queried({ searchParams }: URL, name: string): string | undefined {
  const value = searchParams.get(name) ?? ''
  return value === '' || value === 'None' ? undefined : value
}

function pageOf(version: ServedVersion, url: URL): Record<string, unknown> {
  const size = Math.min(Number(queried(url, 'pageSize') ?? PAGE_SIZE), LARGEST_PAGE)
  const from = Number(Buffer.from(queried(url, 'pageToken') ?? '', 'base64url').toString())
  const end = from + size
  return {
    datasetFiles: version.files.slice(from, end).map((file) => listed(version, file)),
    nextPageToken: end < version.files.length ? Buffer.from(String(end)).toString('base64url') : '',
    errorMessage: '',
  }
}

function listed({ created }: ServedVersion, { name, bytes }: { name: string; bytes: number }) {
  return { ref: name, name, totalBytes: bytes, creationDate: created }
}

/** The file named in a download's path, or null for the whole version. */
function fileOf({ url, dataset }: Asked): string | null {
  const behind = url.pathname.split(`/${dataset}`)[1] ?? ''
  return behind === '' ? null : decodeURIComponent(behind.slice(1))
}
