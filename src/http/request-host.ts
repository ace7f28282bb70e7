/**
 * A request without a Host, as HTTP/1.0 and an empty header have it, with a URL that can be read. Health checks of load
 * balancers are sent so.
 */
export function withHost(request: Request): Request {
  if (request.headers.get('host')) return request
  const path = request.url.replace(/^https?:\/\/[^/]*/, '')
  if (!path.startsWith('/') || !['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return request
  return new Request(`http://localhost${path}`, {
    method: request.method,
    headers: request.headers,
    signal: request.signal,
  })
}
