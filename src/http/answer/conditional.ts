import { datasetDay, type Generation } from '../../db/generation.ts'
import { identity } from '../contract/read-context.ts'
import type { Route } from '../contract/route.ts'
import type { MediaType } from './media-type.ts'

/** A weak tag: the same dataset on the same day in Israel answers the same, but for the timestamp. */
export function cacheHeaders(
  { volatile, kind, method }: Pick<Route, 'volatile' | 'kind' | 'method'>,
  type: MediaType,
  state: string,
): Record<string, string> {
  const vary = { vary: kind === 'list' ? 'accept, accept-encoding' : 'accept-encoding' }
  if (volatile || method !== 'GET') return { ...vary, 'cache-control': 'no-store' }
  const etag = `W/"${state}-${type.replace(/^.*[/-]/, '')}"`
  return { ...vary, etag, 'cache-control': 'public, max-age=0, must-revalidate' }
}

/** Does the caller hold the answer with this tag? */
export function isKnown(request: Request, etag: string | null = null): boolean {
  const known = etag === null ? null : request.headers.get('if-none-match')
  return known?.split(',').some((tag) => tag.trim() === etag || `W/${tag.trim()}` === etag) ?? false
}

/** The generation and the day that answers hold for, as their tags and the keys of the cache name them. */
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
