const PREFIX = /^(\/[\w.~-]+){1,8}$/

/**
 * Returns the path prefix of the proxy from X-Forwarded-Prefix, without a trailing slash; empty
 * without one.
 *
 * @param hops the number of trusted proxies in front (`TRUST_PROXY`); with 0 the header is ignored
 */
export function pathPrefix({ headers }: Request, hops: number): string {
  if (hops === 0) return ''
  const prefix = (headers.get('x-forwarded-prefix') ?? '').trim().replace(/\/+$/, '')
  return PREFIX.test(prefix) ? prefix : ''
}

/** Adds the prefix to links: `</v1/stores?…>; rel="next"`, or `/v1/auth/keys/1`. */
export function withPrefix(links: string, prefix: string): string {
  return prefix === '' ? links : links.replace(/(^|<)(?=\/)/g, `$1${prefix}`)
}
