import { Elysia } from 'elysia'
import { pathPrefix, withPrefix } from '../path-prefix.ts'
import { compress } from './compress.ts'
import { corsHeaders } from './cors.ts'

/** The default headers for answers, which contain data and no scripts. /docs has its own policy. */
export const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

const YEAR_SECONDS = 31_536_000

/**
 * Adds the common headers to every answer, including errors, and compresses it. The headers are set
 * in place, because Elysia would copy the response, which takes a fifth of the time of a short
 * answer. Cached answers already have the constant headers, because setting them one by one is
 * slow. Must be registered before any route.
 */
export function answerHeaders({
  corsOrigins,
  trustProxy,
}: {
  corsOrigins: readonly string[]
  trustProxy: number
}) {
  return new Elysia({ name: 'answer-headers' })
    .onRequest(({ request, set }) => {
      Object.assign(set.headers, SECURITY_HEADERS, corsHeaders(request, corsOrigins))
      if (isBehindTls(request, trustProxy))
        set.headers['strict-transport-security'] = `max-age=${YEAR_SECONDS}`
    })
    .mapResponse({ as: 'global' }, ({ request, responseValue, set }) => {
      if (!(responseValue instanceof Response)) return undefined
      const { headers } = responseValue
      addPrefix(headers, pathPrefix(request, trustProxy))
      for (const name in set.headers) {
        if (name === 'vary') headers.append(name, String(set.headers[name]))
        else if (!headers.has(name)) headers.set(name, String(set.headers[name]))
      }
      set.headers = {}
      return compress(request, responseValue)
    })
}

/** Adds the path prefix of the proxy to the links in headers. */
function addPrefix(headers: Headers, prefix: string): void {
  if (prefix === '') return
  for (const name of ['link', 'location']) {
    const value = headers.get(name)
    if (value !== null) headers.set(name, withPrefix(value, prefix))
  }
}

/** Whether the caller used TLS, as reported by a trusted proxy in X-Forwarded-Proto. */
function isBehindTls(request: Request, hops: number): boolean {
  const protocols = hops === 0 ? [] : (request.headers.get('x-forwarded-proto') ?? '').split(',')
  return protocols.at(-hops)?.trim().toLowerCase() === 'https'
}
