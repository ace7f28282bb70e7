import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { sources } from '../tables.ts'

export type SourceKind = (typeof sources.$inferSelect)['kind']

/** The required form of the URL for each kind of source, as in error messages. */
export const SOURCE_URLS: Record<SourceKind, string> = {
  kaggle:
    'a dataset of Kaggle, such as https://www.kaggle.com/datasets/erlichsefi/israeli-supermarkets-2024',
  directory: 'an absolute path on the server, such as /data/versions',
  zip: 'an absolute path of a zip on the server, such as /data/versions/2026-08-20.zip',
}

/**
 * The place of a source: a Kaggle dataset (`owner/name`) or a path. Undefined for a URL of the
 * wrong form.
 */
export function readSourceUrl(kind: SourceKind, url: string): string | undefined {
  if (kind === 'kaggle') return readDatasetId(url)
  const path = readPath(url)
  if (path === undefined || !isAbsolute(path)) return undefined
  return kind === 'zip' && !/\.zip$/i.test(path) ? undefined : path
}

/**
 * `owner/name` from a dataset's address in a browser: any of its tabs or versions, with a query or
 * a fragment, with or without `https://www.`; or from `owner/name` itself. Undefined for any other
 * text.
 */
export function readDatasetId(text: string): string | undefined {
  const address = text.trim().replace(/[?#].*$/s, '')
  const [, path] =
    /^(?:https?:\/\/)?(?:www\.)?kaggle\.com\/(?:datasets\/)?(.+)$/i.exec(address) ?? []
  const parts = (path ?? address).replace(/\/$/, '').split('/')
  const [owner, name, tab] = parts
  const isName = (part: string | undefined) => /^(?!\.+$)[\w.-]+$/.test(part ?? '')
  const isTab = tab === undefined || (path !== undefined && /^[\w-]+$/.test(tab))
  if (!isName(owner) || !isName(name) || !isTab || OTHER_PAGES.has(owner ?? '')) return undefined
  return `${owner}/${name}`
}

/** First path segments of other Kaggle pages. */
const OTHER_PAGES = new Set([
  'code',
  'competitions',
  'models',
  'discussions',
  'learn',
  'organizations',
])

function readPath(url: string): string | undefined {
  if (!url.startsWith('file:')) return url
  try {
    return fileURLToPath(url)
  } catch {
    return undefined
  }
}
