/**
 * Adds a host to the URL of a request without a Host header (HTTP/1.0, or an empty header). Health
 * checks of load balancers send such requests.
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
