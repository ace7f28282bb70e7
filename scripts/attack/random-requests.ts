import { chance, hash, pick } from '../sample/random.ts'

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'OPTIONS',
  'DELETE',
  'PUT',
  'TRACE',
  'CONNECT',
  'get',
  'G\0ET',
  'PRI',
  '',
]
const PATHS = [
  ...[
    '/v1/products',
    '/v1/products/1',
    '/v1/prices',
    '/v1/prices/1-1-20260809T000000',
    '/v1/stores/1/prices',
  ],
  ...[
    '/v1/products/barcode/729',
    '/v1/products/search',
    '/v1/analytics/deals',
    '/v1/auth/token',
    '/v1/datasets',
  ],
  ...[
    '/v1/analytics/basket-cost',
    '/v1/analytics/custom-query',
    '/health/ready',
    '/docs/json',
    '/docs/assets/x',
    '*',
    '',
  ],
]
const FIELDS = [
  'q',
  'page',
  'per_page',
  'cursor',
  'sort',
  'fields',
  'price_min',
  'as_of',
  'from',
  'store_id',
  'city',
  '__proto__',
]
const HEADERS = [
  ...[
    'Accept: text/csv',
    'Accept: application/x-ndjson',
    'Accept-Encoding: gzip, br;q=x',
    'Connection: close',
  ],
  ...[
    'Content-Length: 10',
    'Content-Length: -1',
    'Content-Length: 99999999999',
    'Transfer-Encoding: chunked',
  ],
  ...[
    'Content-Type: application/json',
    'If-None-Match: W/"',
    'X-Request-Id: a\tb',
    'Origin: null',
    'Expect: 100-continue',
  ],
  ...[
    'X-Forwarded-For: ::::, 1',
    'Authorization: Bearer e30.e30.',
    'X-API-Key: sz_x',
    'Range: bytes=0-',
    'Upgrade: h2c',
  ],
]
const BODIES = [
  '',
  '{',
  '{"items":[{"product_id":1}]}',
  '[[[[[[',
  '5\r\nabc',
  '0\r\n\r\n',
  'null',
  '"\\u0000"',
]

/**
 * A request of valid and invalid parts, with changed bytes, or of random bytes only. The same seed
 * and number give the same request.
 */
export function randomRequest(seed: number, n: number): Uint8Array {
  const at = (k: number, below: number) => hash(seed, n, k) % below
  const any = <T>(from: readonly T[], k: number) => pick(from, at(k, from.length))
  if (chance(seed, n, 0) < 0.1)
    return Uint8Array.from({ length: at(1, 600) }, (_, i) => at(100 + i, 256))
  const query = Array.from(
    { length: at(2, 4) },
    (_, i) => `${any(FIELDS, 10 + i)}=${text(seed, n, 20 + i)}`,
  )
  const path = `${any(PATHS, 3)}${chance(seed, n, 4) < 0.2 ? `/${text(seed, n, 5)}` : ''}`
  const version = chance(seed, n, 6) < 0.9 ? 'HTTP/1.1' : text(seed, n, 7)
  const headers = Array.from({ length: at(8, 5) }, (_, i) => any(HEADERS, 30 + i))
  const head = [
    `${any(METHODS, 9)} ${path}${query.length === 0 ? '' : '?'}${query.join('&')} ${version}`,
    'Host: x',
    ...headers,
  ]
  const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n${any(BODIES, 40)}`, 'latin1')
  const changed = chance(seed, n, 41) < 0.5 ? at(42, 6) : 0
  for (let i = 0; i < changed; i++) bytes[at(50 + i, bytes.length)] = at(60 + i, 256)
  return chance(seed, n, 43) < 0.1 ? bytes.subarray(0, at(44, bytes.length)) : bytes
}

const TEXTS = [
  '1',
  '-1',
  '%00',
  '%FF',
  '%',
  "' or 1=1--",
  '%D7%97%D7%9C%D7%91',
  '1e309',
  '9'.repeat(40),
  '../../etc/passwd',
  '{}',
]

function text(seed: number, n: number, k: number): string {
  if (chance(seed, n, k, 1) < 0.6) return pick(TEXTS, hash(seed, n, k))
  return String.fromCharCode(
    ...Array.from(
      { length: hash(seed, n, k, 2) % 30 },
      (_, i) => 33 + (hash(seed, n, k, 3, i) % 223),
    ),
  )
}
