const SANE = /^[\w.:-]{1,128}$/

/** Returns the X-Request-Id of a request when it is valid, else a new one. */
export function requestIdOf(request: Request): string {
  const incoming = request.headers.get('x-request-id') ?? ''
  return SANE.test(incoming) ? incoming : crypto.randomUUID()
}
