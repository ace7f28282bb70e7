import { expect, test } from 'bun:test'
import { withHost } from './request-host.ts'

/** Bun's `Request`, as it makes one of a request without a Host. */
function received(url: string, init: RequestInit = {}): Request {
  return Object.defineProperty(new Request('http://localhost/', init), 'url', { value: url })
}

test.each([
  ['http:///health/ready', 'GET'],
  ['/health/live', 'GET'],
  ['http:///v1/chains?per_page=1', 'HEAD'],
])('%s without a Host gets one', (url, method) => {
  const request = withHost(received(url, { method }))
  expect([request.url, request.method]).toEqual([
    `http://localhost${url.replace('http://', '')}`,
    method,
  ])
})

test('a request with a Host, or with a body, is left as it is', () => {
  const named = received('http://example.org/x', { headers: { host: 'example.org' } })
  const posted = received('http:///v1/auth/token', { method: 'POST' })
  expect([withHost(named) === named, withHost(posted) === posted]).toEqual([true, true])
})
