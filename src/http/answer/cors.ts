/**
 * The request and response headers that scripts of other origins may use, beyond the defaults of
 * browsers.
 */
const SENT = 'Accept, API-Key, Authorization, Content-Type, If-None-Match, X-API-Key, X-Request-Id'
const READ = [
  'Age, Content-Disposition, ETag, Link, Location, Retry-After, Warning',
  'X-Request-Id, X-Row-Limit, X-Sample-Data, X-Total-Count',
  'RateLimit, RateLimit-Policy, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset',
].join(', ')
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const DAY_SECONDS = 86_400

/**
 * The headers that allow scripts of other origins to read an answer
 * (https://fetch.spec.whatwg.org/#http-cors-protocol). Credentials mode is not allowed: callers are
 * identified by a header from the script, never by a cookie.
 *
 * @param origins the allowed origins, or `*`
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
