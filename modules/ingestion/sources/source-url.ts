import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { sources } from '../tables.ts'

export type SourceKind = (typeof sources.$inferSelect)['kind']

/** What the URL of each kind of source must be. */
export const SOURCE_URLS: Record<SourceKind, string> = {
  kaggle:
    'a dataset of Kaggle, such as https://www.kaggle.com/datasets/erlichsefi/israeli-supermarkets-2024',
  directory: 'an absolute path on the server, such as /data/versions',
  zip: 'an absolute path of a zip on the server, such as /data/versions/2026-08-20.zip',
}

/** Where a source is: a dataset of Kaggle (`owner/name`), or a path. Undefined for a URL that its kind cannot have. */
export function readSourceUrl(kind: SourceKind, url: string): string | undefined {
  if (kind === 'kaggle')
    return /^(?:https:\/\/(?:www\.)?kaggle\.com\/datasets\/)?([\w.-]+\/[\w.-]+)\/?$/.exec(url)?.[1]
  const path = readPath(url)
  if (path === undefined || !isAbsolute(path)) return undefined
  return kind === 'zip' && !/\.zip$/i.test(path) ? undefined : path
}

function readPath(url: string): string | undefined {
  if (!url.startsWith('file:')) return url
  try {
    return fileURLToPath(url)
  } catch {
    return undefined
  }
}
