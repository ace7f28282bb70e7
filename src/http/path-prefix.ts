const PREFIX = /^(\/[\w.~-]+){1,8}$/

/**
 * Under which path our proxies serve us: their X-Forwarded-Prefix, without a slash at its end; empty without one.
 *
 * @param hops the proxies of ours before us (`TRUST_PROXY`); with none the header is anyone's, and not believed
 */
export function pathPrefix({ headers }: Request, hops: number): string {
  if (hops === 0) return ''
  const prefix = (headers.get('x-forwarded-prefix') ?? '').trim().replace(/\/+$/, '')
  return PREFIX.test(prefix) ? prefix : ''
}

/** The same links behind a prefix: `</v1/stores?…>; rel="next"`, or `/v1/auth/keys/1`. */
export function withPrefix(links: string, prefix: string): string {
  return prefix === '' ? links : links.replace(/(^|<)(?=\/)/g, `$1${prefix}`)
}
