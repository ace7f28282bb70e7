import { type RawAnswer, sendRaw } from './raw.ts'

/**
 * Hostile requests with their expected status and error code; the code is absent where Bun itself
 * responds or closes the connection.
 */
export type Attempt = {
  name: string
  pieces: readonly string[]
  everyMs?: number
  ms?: number
  expected: readonly (number | string | null)[]
}

const get = (path: string, ...headers: string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n')
const post = (headers: string[], body = '') => [
  [
    'POST /v1/analytics/basket-cost HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    ...headers,
    '',
    body,
  ].join('\r\n'),
]
const drip = (text: string, times: number) => Array.from({ length: times }, () => text)

export const ATTEMPTS: readonly Attempt[] = [
  {
    name: "SQL in a text: `q=x'; drop table …`",
    pieces: [get('/v1/products?q=x%27;%20drop%20table%20catalog.products--')],
    expected: [200],
  },
  {
    name: 'SQL in a number: `price_min=1 or 1=1`',
    pieces: [get('/v1/prices?price_min=1%20or%201=1')],
    expected: [400, 'VALIDATION_ERROR'],
  },
  {
    name: 'SQL in an id: `/v1/products/1;select`',
    pieces: [get('/v1/products/1;select%20pg_sleep(9)')],
    expected: [400, 'VALIDATION_ERROR'],
  },
  {
    name: 'SQL in an order: `sort=price;select`',
    pieces: [get('/v1/prices?sort=price;select')],
    expected: [400, 'VALIDATION_ERROR'],
  },
  {
    name: 'SQL in a cursor',
    pieces: [get(`/v1/prices?cursor=${btoa('["x",2,["1);select 1"]]')}`)],
    expected: [400, 'VALIDATION_ERROR'],
  },
  {
    name: 'a header in a parameter: `q=%0d%0aSet-Cookie:`',
    pieces: [get('/v1/products?q=%0d%0aSet-Cookie:%20a=b')],
    expected: [200],
  },
  {
    name: 'a header in X-Request-Id',
    pieces: [get('/v1/chains', 'X-Request-Id: a%0d%0aSet-Cookie: b')],
    expected: [200],
  },
  {
    name: 'a NUL byte: `q=%00`',
    pieces: [get('/v1/products?q=%00')],
    expected: [400, 'VALIDATION_ERROR'],
  },
  {
    name: 'broken UTF-8: `q=%FF`',
    pieces: [get('/v1/products?q=%FF')],
    expected: [400, 'VALIDATION_ERROR'],
  },
  {
    name: 'a path outside the folder: `/docs/assets/..%2f..%2fetc`',
    pieces: [get('/docs/assets/..%2f..%2f..%2fetc%2fpasswd')],
    expected: [404, 'NOT_FOUND'],
  },
  {
    name: 'a URL of 9 KB',
    pieces: [get(`/v1/products?q=${'a'.repeat(9000)}`)],
    expected: [414, 'URI_TOO_LONG'],
  },
  {
    name: 'headers of 20 KB',
    pieces: [get('/v1/chains', `X-A: ${'a'.repeat(20_000)}`)],
    expected: [431, null],
  },
  {
    name: 'a body of 100 KB',
    pieces: post(['Content-Length: 100000'], 'x'.repeat(100_000)),
    expected: [413, 'PAYLOAD_TOO_LARGE'],
  },
  {
    name: 'a Content-Length of 10 GB',
    pieces: post(['Content-Length: 10000000000']),
    expected: [413, null],
  },
  {
    name: 'a body that is not JSON',
    pieces: post(['Content-Length: 1'], '{'),
    expected: [400, 'VALIDATION_ERROR'],
  },
  {
    name: 'two different Content-Length headers',
    pieces: post(['Content-Length: 2', 'Content-Length: 5'], '{}'),
    expected: [400, null],
  },
  {
    name: 'Content-Length with chunked encoding (smuggling)',
    pieces: post(['Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
    expected: [400, null],
  },
  {
    name: 'an invalid Host: `%%`',
    pieces: [get('/v1/chains').replace('Host: x', 'Host: %%')],
    expected: [400, 'VALIDATION_ERROR'],
  },
  {
    name: 'an unknown method',
    pieces: [get('/v1/chains').replace('GET', 'DELETE')],
    expected: [405, 'METHOD_NOT_ALLOWED'],
  },
  {
    name: 'headers sent one byte per second',
    pieces: [get('/v1/chains').slice(0, -2), ...drip('a', 60)],
    everyMs: 1000,
    ms: 30_000,
    expected: [null, null],
  },
  {
    name: 'a body sent one byte per second',
    pieces: [...post(['Content-Length: 5000']), ...drip(' ', 60)],
    everyMs: 1000,
    ms: 30_000,
    expected: [408, 'REQUEST_TIMEOUT'],
  },
]

export async function attempt(
  port: number,
  { pieces, everyMs = 0, ms = 5000 }: Attempt,
): Promise<RawAnswer> {
  return sendRaw(port, pieces, { ms, everyMs })
}
