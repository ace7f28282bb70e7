import { expect, test } from 'bun:test'
import { withHost } from './request-host.ts'

/** A `Request` as Bun creates it for a request without a Host header. */
function received(url: string, init: RequestInit = {}): Request {
  return Object.defineProperty(new Request('http://localhost/', init), 'url', { value: url })
}

test.each([
  ['http:///health/ready', 'GET'],
  ['/health/live', 'GET'],
  ['http:///v1/chains?per_page=1', 'HEAD'],
])('a request for %s without a Host gets a complete URL', (url, method) => {
  const request = withHost(received(url, { method }))
  expect([request.url, request.method]).toEqual([
    `http://localhost${url.replace('http://', '')}`,
    method,
  ])
})

test('a request with a Host, or with a body, is not changed', () => {
  const named = received('http://example.org/x', { headers: { host: 'example.org' } })
  const posted = received('http:///v1/auth/token', { method: 'POST' })
  expect([withHost(named) === named, withHost(posted) === posted]).toEqual([true, true])
})
