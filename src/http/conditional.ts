import type { Endpoint } from './endpoint.ts'
import type { MediaType } from './media-type.ts'

/** A weak tag: the same dataset on the same day in Israel answers the same, but for the timestamp. */
export function cacheHeaders(
  { volatile, kind, method }: Endpoint,
  type: MediaType,
  state: string,
): Record<string, string> {
  const vary = { vary: kind === 'list' ? 'accept, accept-encoding' : 'accept-encoding' }
  if (volatile || method !== 'GET') return { ...vary, 'cache-control': 'no-store' }
  const etag = `W/"${state}-${type.replace(/^.*[/-]/, '')}"`
  return { ...vary, etag, 'cache-control': 'public, max-age=0, must-revalidate' }
}

/** Does the caller hold the answer with this tag? */
export function isKnown(request: Request, { etag = '' }: Record<string, string>): boolean {
  const known = etag === '' ? null : request.headers.get('if-none-match')
  return known?.split(',').some((tag) => tag.trim() === etag || `W/${tag.trim()}` === etag) ?? false
}

export function notModified(headers: Record<string, string>): Response {
  return new Response(null, { status: 304, headers })
}
