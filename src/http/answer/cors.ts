/** What scripts of other origins may send, and read, besides what browsers always let them. */
const SENT = 'Accept, API-Key, Authorization, Content-Type, If-None-Match, X-API-Key, X-Request-Id'
const READ = [
  'Age, Content-Disposition, ETag, Link, Location, Retry-After, Warning',
  'X-Request-Id, X-Row-Limit, X-Sample-Data, X-Total-Count',
  'RateLimit, RateLimit-Policy, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset',
].join(', ')
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const DAY_SECONDS = 86_400

/**
 * The headers by which a browser lets scripts of another origin read the answer (https://fetch.spec.whatwg.org/#http-cors-protocol).
 * Without credentials: who calls is told by a header that the script sets itself, never by a cookie.
 *
 * @param origins the origins that may, or `*`
 */
export function corsHeaders(request: Request, origins: readonly string[]): Record<string, string> {
  if (origins.length === 0) return {}
  const isForAll = origins.includes('*')
  const vary: Record<string, string> = isForAll ? {} : { vary: 'origin' }
  const origin = request.headers.get('origin')
  if (origin === null || !(isForAll || origins.includes(origin))) return vary
  const allowed = { ...vary, 'access-control-allow-origin': isForAll ? '*' : origin }
  if (request.method !== 'OPTIONS') return { ...allowed, 'access-control-expose-headers': READ }
  return {
    ...allowed,
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': SENT,
    'access-control-max-age': String(DAY_SECONDS),
  }
}
