import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { SignJWT } from 'jose'
import type { Role } from '../http/contract/caller.ts'
import { bodyOf, NOW, startTestApi, type TestApi } from '../testing/test-app.ts'
import { createKey, revokeKey } from './keys.ts'

const SECRET = 'a secret of the tests, 32 characters or more'.replaceAll(' ', '_')
const CLAIMS = { iss: 'super-zol', aud: 'super-zol/v1', exp: NOW / 1000 + 60 }

let open: TestApi
let required: TestApi
beforeAll(async () => {
  ;[open, required] = await Promise.all([
    startTestApi({ settings: { JWT_SECRET: SECRET } }),
    startTestApi({ settings: { JWT_SECRET: SECRET, AUTH_MODE: 'required' } }),
  ])
})
afterAll(() => Promise.all([open.close(), required.close()]))

type Sent = Record<string, string>
const read = (headers: Sent = {}, api = open) => api.ask('/v1/chains', { headers })
const make = (headers: Sent, body: object = { name: 'made', role: 'reader' }) =>
  open.ask('/v1/auth/keys', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const revoke = async (id: string) =>
  open.ask(`/v1/auth/keys/${id}`, { method: 'DELETE', headers: await open.keyOf('admin') })
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

async function ended(how: 'expired' | 'revoked'): Promise<{ id: string; text: string }> {
  const expiresAt = how === 'expired' ? new Date(NOW) : null
  const { row, text } = await createKey(open.sql, {
    name: how,
    role: 'admin',
    expiresAt,
    now: new Date(NOW - 1000),
  })
  if (how === 'revoked') await revokeKey(open.sql, row.id, new Date(NOW))
  return { id: row.id, text }
}

async function tokenOf(role: Role, api = open): Promise<string> {
  const answer = await api.ask('/v1/auth/token', { method: 'POST', headers: await api.keyOf(role) })
  return (await bodyOf(answer)).data.access_token
}

async function idOf(role: Role): Promise<string> {
  return (await open.keyOf(role))['x-api-key'].slice(3, 15)
}

/** A token with these claims instead of ours. */
async function forged(claims: object, { alg = 'HS256', secret = SECRET } = {}): Promise<Sent> {
  const payload = { ...CLAIMS, sub: await idOf('admin'), ...claims }
  return bearer(
    await new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret)),
  )
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

const ATTEMPTS: Record<string, () => Promise<Response>> = {
  'read without a key': () => read(),
  'read without a key where AUTH_MODE is required': () => read({}, required),
  'ask for health and docs without a key where AUTH_MODE is required': async () => {
    const answers = ['/health', '/health/live', '/health/ready', '/docs', '/docs/json'].map(
      (path) => required.ask(path),
    )
    return (await Promise.all(answers)).find(({ status }) => status !== 200) ?? new Response()
  },
  'write without a key': () => make({}),
  "write with a reader's key": async () => make(await open.keyOf('reader')),
  "write with an admin's key": async () => make(await open.keyOf('admin')),
  'read with a key in API-Key where AUTH_MODE is required': async () =>
    read({ 'api-key': (await required.keyOf('reader'))['x-api-key'] }, required),
  'read with a key that never was': () =>
    read({ 'x-api-key': `sz_${'0'.repeat(12)}_${'A'.repeat(43)}` }),
  'read with a key whose last character was changed': async () => {
    const { 'x-api-key': key } = await open.keyOf('admin')
    return read({ 'x-api-key': `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}` })
  },
  'read with two keys in one header': async () => {
    const { 'x-api-key': key } = await open.keyOf('admin')
    return read({ 'x-api-key': `${key}, ${key}` })
  },
  'read with SQL for a key': () => read({ 'x-api-key': "' or role = 'admin' --" }),
  'read with an expired key': async () => read({ 'x-api-key': (await ended('expired')).text }),
  'read with a revoked key': async () => read({ 'x-api-key': (await ended('revoked')).text }),
  'read with a key in the query string': async () =>
    open.ask(`/v1/chains?api_key=${(await open.keyOf('admin'))['x-api-key']}`),
  'read with a key and a token': async () =>
    read({ ...(await open.keyOf('admin')), ...bearer(await tokenOf('admin')) }),
  'read with a token where AUTH_MODE is required': async () =>
    read(bearer(await tokenOf('reader', required)), required),
  "write with an admin's token": async () => make(bearer(await tokenOf('admin'))),
  "write with a reader's token that says admin": async () =>
    make(await forged({ sub: await idOf('reader'), role: 'admin' })),
  'read with an expired token': async () => read(await forged({ exp: NOW / 1000 })),
  'read with the token of a revoked key': async () => {
    const token = bearer(await tokenOf('admin'))
    await revoke(
      JSON.parse(Buffer.from(token.authorization.split('.')[1] ?? '', 'base64url').toString()).sub,
    )
    return read(token)
  },
  'read with a token that nobody signed (alg none)': async () => {
    const payload = { ...CLAIMS, sub: await idOf('admin') }
    return read(bearer(`${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(payload)}.`))
  },
  'read with a token signed with another secret': async () =>
    read(await forged({}, { secret: SECRET.replace('secret', 'SECRET') })),
  'read with a token signed with another algorithm': async () =>
    read(await forged({}, { alg: 'HS512' })),
  'read with a token whose content was changed': async () => {
    const [head, , signature] = (await tokenOf('reader')).split('.')
    return read(bearer(`${head}.${encoded({ ...CLAIMS, sub: await idOf('admin') })}.${signature}`))
  },
  'read with a token for another audience': async () => read(await forged({ aud: 'another/v1' })),
  'read with a token of another issuer': async () => read(await forged({ iss: 'another' })),
  'read with a token without end': async () => read(await forged({ exp: undefined })),
  'read with a token for a key that never was': async () =>
    read(await forged({ sub: '000000000000' })),
  'read with a key sent as a token': async () =>
    read(bearer((await open.keyOf('admin'))['x-api-key'])),
  'read with user and password': () => read({ authorization: `Basic ${btoa('admin:admin')}` }),
  'get a token for a token': async () =>
    open.ask('/v1/auth/token', { method: 'POST', headers: bearer(await tokenOf('admin')) }),
  'make a key with a line break in its name': async () =>
    make(await open.keyOf('admin'), { name: 'x\r\nset-cookie: a=b', role: 'reader' }),
  'make a key that has expired': async () =>
    make(await open.keyOf('admin'), {
      name: 'x',
      role: 'reader',
      expires_at: '2026-08-20T12:00:00+03:00',
    }),
  'revoke a key with a header in its id': () => revoke('%0d%0aset-cookie:%20a=b'),
  'revoke a key twice': async () => revoke((await ended('revoked')).id),
}

const doc = readFileSync(
  fileURLToPath(new URL('../../docs/access.md', import.meta.url).href),
  'utf8',
)
const rows = [...doc.matchAll(/^\| (.+) \| (\d{3})(?: (\w+))? \|$/gm)].map(
  ([, attempt = '', status = '', code]) => {
    return { attempt, status: Number(status), code }
  },
)

test('docs/access.md tells of every attempt that is tried here', () => {
  expect(rows.map(({ attempt }) => attempt)).toEqual(Object.keys(ATTEMPTS))
})

test.each(rows)('$attempt: $status $code', async ({ attempt, status, code }) => {
  const answer = (await ATTEMPTS[attempt]?.()) ?? new Response()
  const text = await answer.text()
  expect([answer.status, status < 400 ? undefined : JSON.parse(text).error.code]).toEqual([
    status,
    code,
  ])
  expect(answer.headers.get('set-cookie')).toBeNull()
  const challenge = answer.headers.get('www-authenticate')
  if (status !== 401) expect(challenge).toBeNull()
  else if (code?.startsWith('TOKEN'))
    expect(challenge).toBe('Bearer realm="super-zol", error="invalid_token"')
  else expect(challenge).toBe('Bearer realm="super-zol"')
})

test('no route of the API answers without a key where AUTH_MODE is required', async () => {
  const { paths, security } = await bodyOf(await required.ask('/docs/json'))
  expect(security).toEqual([{ apiKey: [] }, { bearer: [] }])
  let asked = 0
  for (const path of Object.keys(paths).filter((path) => path.startsWith('/v1'))) {
    for (const method of [...Object.keys(paths[path]), ...('get' in paths[path] ? ['head'] : [])]) {
      const answer = await required.ask(path.replaceAll(/[{}]/g, ''), {
        method: method.toUpperCase(),
      })
      expect([method, path, answer.status]).toEqual([method, path, 401])
      asked++
    }
  }
  expect(asked).toBeGreaterThan(30)
})

test('each reason why a token is no good is told', async () => {
  const reason = async (headers: Sent) =>
    (await bodyOf(await read(headers))).error.message.replace(/^.*: /, '')
  expect(await reason(await forged({ aud: 'another' }))).toBe('its aud is not what we put there')
  expect(await reason(await forged({}, { alg: 'HS512' }))).toBe('it must be signed with HS256')
  expect(await reason(await forged({}, { secret: 'x'.repeat(32) }))).toBe(
    'its signature is not ours',
  )
  expect(await reason(bearer('abc'))).toBe('it is no JWT')
})
