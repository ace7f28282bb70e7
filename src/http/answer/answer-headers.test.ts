import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { startTestApi, type TestApi } from '../../testing/test-app.ts'
import { chooseEncoding } from './compress.ts'

const APP = 'https://app.example.com'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi({
    settings: { CORS_ORIGINS: `${APP}/, http://localhost:5173`, TRUST_PROXY: '1' },
  })
})
afterAll(() => api.close())

const PATHS = ['/v1/chains', '/v1/nothing', '/v1/chains?x=1', '/health/live', '/docs', '/docs/json']

test('every answer has the security headers and a request id', async () => {
  for (const path of PATHS) {
    const { headers } = await api.ask(path)
    expect([path, headers.get('x-content-type-options'), headers.get('referrer-policy')]).toEqual([
      path,
      'nosniff',
      'no-referrer',
    ])
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  }
})

test('HSTS is sent only when a trusted proxy reports TLS', async () => {
  const hsts = async (protocol: string, asked = api) => {
    const { headers } = await asked.ask('/health/live', {
      headers: { 'x-forwarded-proto': protocol },
    })
    return headers.get('strict-transport-security')
  }
  expect([await hsts('https'), await hsts('http, https')]).toEqual([
    'max-age=31536000',
    'max-age=31536000',
  ])
  expect([await hsts('http'), await hsts('https, http')]).toEqual([null, null])
})

describe('CORS', () => {
  const from = (origin: string, init: RequestInit = {}) =>
    api.ask('/v1/chains', { ...init, headers: { origin } })

  test('allows scripts of the listed origins to read answers', async () => {
    for (const origin of [APP, 'http://localhost:5173']) {
      const { headers } = await from(origin)
      expect(headers.get('access-control-allow-origin')).toBe(origin)
      expect(headers.get('access-control-expose-headers')).toContain('Link')
      expect(headers.get('vary')).toContain('origin')
    }
    const refused = await from('https://evil.example.com')
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
      200,
      null,
    ])
    expect(refused.headers.get('vary')).toContain('origin')
    expect(refused.headers.get('access-control-allow-credentials')).toBeNull()
  })

  test('allows scripts of the listed origins to read errors', async () => {
    const { status, headers } = await api.ask('/v1/nothing', { headers: { origin: APP } })
    expect([status, headers.get('access-control-allow-origin')]).toEqual([404, APP])
  })

  test('a preflight from a listed origin gets the CORS headers', async () => {
    const ask = (origin: string) =>
      api.ask('/v1/products/1', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET' },
      })
    const { status, headers } = await ask(APP)
    expect([
      status,
      headers.get('access-control-allow-origin'),
      headers.get('access-control-max-age'),
    ]).toEqual([204, APP, '86400'])
    expect(headers.get('access-control-allow-headers')).toContain('X-API-Key')
    expect(
      (await ask('https://evil.example.com')).headers.get('access-control-allow-origin'),
    ).toBeNull()
  })
})

describe('compression', () => {
  const ask = (encoding: string, path = '/docs/json', init: RequestInit = {}) =>
    api.ask(path, { ...init, headers: { 'accept-encoding': encoding } })

  test('the supported encoding with the highest weight is chosen', () => {
    expect(chooseEncoding(null)).toBeNull()
    expect(chooseEncoding('gzip, deflate, br, zstd')).toBe('br')
    expect(chooseEncoding('br;q=0.1, GZIP')).toBe('gzip')
    expect(chooseEncoding('*')).toBe('br')
    expect(chooseEncoding('br;q=0, *')).toBe('gzip')
    expect(chooseEncoding('identity, gzip;q=0')).toBeNull()
    expect(chooseEncoding('gzip;q=x')).toBeNull()
  })

  test('a compressed answer is smaller and unpacks to the same text', async () => {
    const plain = await (await ask('identity')).text()
    for (const [encoding, unpack] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const response = await ask(encoding)
      expect([response.headers.get('content-encoding'), response.headers.get('vary')]).toEqual([
        encoding,
        'origin, accept-encoding',
      ])
      const bytes = new Uint8Array(await response.arrayBuffer())
      expect(bytes.length).toBeLessThan(plain.length / 4)
      expect(unpack(bytes).toString()).toBe(plain)
    }
  })

  test('short answers are not compressed, and compression keeps the ETag', async () => {
    const [plain, packed] = [
      await ask('identity', '/v1/products'),
      await ask('gzip', '/v1/products'),
    ]
    expect([plain.headers.get('content-encoding'), packed.headers.get('content-encoding')]).toEqual(
      [null, 'gzip'],
    )
    expect(packed.headers.get('etag')).toBe(plain.headers.get('etag'))
    const short = await ask('gzip', '/v1/chains?fields=id')
    expect([short.headers.get('content-encoding'), short.headers.get('vary')]).toEqual([
      null,
      'accept, accept-encoding, origin',
    ])
    expect((await ask('gzip', '/docs', { method: 'HEAD' })).status).toBe(200)
  })
})
