const SANE = /^[\w.:-]{1,128}$/

/** The X-Request-Id that came with a request when it is sane, else one that is made. */
export function requestIdOf(request: Request): string {
  const incoming = request.headers.get('x-request-id') ?? ''
  return SANE.test(incoming) ? incoming : crypto.randomUUID()
}
