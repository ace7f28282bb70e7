import { Elysia } from 'elysia'
import { pathPrefix, withPrefix } from '../path-prefix.ts'
import { compress } from './compress.ts'
import { corsHeaders } from './cors.ts'

/** An answer is data, and no document that runs anything; /docs has a policy of its own. */
export const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

const YEAR_SECONDS = 31_536_000

/**
 * Headers of every answer, errors included, and its compression. They are written into the answer in place: Elysia would
 * make a copy of it around `set.headers`, which costs a fifth of a short one. An answer that is kept has those that are
 * always the same already: one by one they cost more than all the rest of it. Must be used before any route.
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

/** Makes the paths in headers those that the caller sees. */
function addPrefix(headers: Headers, prefix: string): void {
  if (prefix === '') return
  for (const name of ['link', 'location']) {
    const value = headers.get(name)
    if (value !== null) headers.set(name, withPrefix(value, prefix))
  }
}

/** Did the caller speak TLS with the proxy before us? The proxy says so; of anyone else it is not believed. */
function isBehindTls(request: Request, hops: number): boolean {
  const protocols = hops === 0 ? [] : (request.headers.get('x-forwarded-proto') ?? '').split(',')
  return protocols.at(-hops)?.trim().toLowerCase() === 'https'
}
