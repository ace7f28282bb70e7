import { datasetDay, type Generation } from '../../db/generation.ts'
import { identity } from '../contract/read-context.ts'
import type { Route } from '../contract/route.ts'
import type { MediaType } from './media-type.ts'

/**
 * A weak ETag. A URL has the same content, except for the timestamp, while the dataset and the day
 * in Israel are the same.
 */
export function cacheHeaders(
  { volatile, kind, method }: Pick<Route, 'volatile' | 'kind' | 'method'>,
  { type, state, url }: { type: MediaType; state: string; url: string },
): Record<string, string> {
  const vary = { vary: kind === 'list' ? 'accept, accept-encoding' : 'accept-encoding' }
  if (volatile || method !== 'GET') return { ...vary, 'cache-control': 'no-store' }
  const etag = `W/"${state}-${type.replace(/^.*[/-]/, '')}-${hash(pathOf(url))}"`
  return { ...vary, etag, 'cache-control': 'public, max-age=0, must-revalidate' }
}

/** Whether the caller already has the answer with this ETag. */
export function isHeld(request: Request, etag: string | null = null): boolean {
  const tags = etag === null ? null : request.headers.get('if-none-match')
  return tags?.split(',').some((tag) => tag.trim() === etag || `W/${tag.trim()}` === etag) ?? false
}

/** Whether If-None-Match matches an existing answer, by its ETag or by `*` (RFC 9110, 13.1.2). */
export function isNotWanted(request: Request, etag: string | null = null): boolean {
  return (
    isHeld(request, etag) || (etag !== null && request.headers.get('if-none-match')?.trim() === '*')
  )
}

/** The path and query of a URL, as sent. */
export function pathOf(url: string): string {
  return url.slice(url.indexOf('/', url.indexOf('//') + 2))
}

/** The 32-bit FNV-1a hash. It distinguishes URLs and has no security purpose. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++)
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0
  return value.toString(36)
}

/** Returns the generation and day of an answer as a text, for ETags and cache keys. */
export function createState(now: () => number): (generation: Generation) => string {
  let last: { generation: Generation; second: number; state: string } | undefined
  return (generation) => {
    const second = Math.floor(now() / 1000)
    if (last?.generation !== generation || last.second !== second) {
      last = {
        generation,
        second,
        state: `${identity(generation)}-${datasetDay(generation, now())}`,
      }
    }
    return last.state
  }
}

export function notModified(headers: Record<string, string> | [string, string][]): Response {
  return new Response(null, { status: 304, headers })
}
