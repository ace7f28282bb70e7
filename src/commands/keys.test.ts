import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { readEnv } from '../env.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'

let database: TestDatabase
let app: { handle(request: Request): Promise<Response> }
beforeAll(async () => {
  database = await createTestDatabase()
  const env = readEnv({ AUTH_MODE: 'required', RATE_LIMIT: 'off' })
  app = createApp({ sql: database.sql, log: pino({ level: 'silent' }), env })
})
afterAll(() => database.drop())

function keys(...args: string[]): { code: number; said: string; complained: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [process.execPath, join(import.meta.dir, '../main.ts'), 'keys', ...args],
    { env: { ...process.env, DATABASE_URL: database.url } },
  )
  return { code: exitCode, said: `${stdout}`, complained: `${stderr}` }
}

async function statusWith(key: string): Promise<number> {
  const request = new Request('http://localhost/v1/chains', { headers: { 'x-api-key': key } })
  return (await app.handle(request)).status
}

test('a created key works, is listed without its secret, and is refused after its revocation', async () => {
  const made = keys('create', '--name', 'price board', '--role', 'reader', '--expires', '90d')
  const [, key = '', id = ''] = /^(sz_([0-9a-f]{12})_[\w-]{43})\n/.exec(made.said) ?? []
  expect([made.code, made.said]).toEqual([
    0,
    expect.stringContaining(`${id}  reader   holds    until 20`),
  ])
  expect(await statusWith(key)).toBe(200)

  const listed = keys('list')
  expect([listed.code, listed.said]).toEqual([
    0,
    expect.stringMatching(new RegExp(`^${id}  reader .* price board\n$`)),
  ])
  expect(listed.said).not.toContain(key.slice(16))

  expect(keys('revoke', id)).toMatchObject({
    code: 0,
    said: expect.stringContaining(`${id}  reader   revoked`),
  })
  // the database notifies the API of keys that another process revoked
  for (let tries = 0; tries < 100 && (await statusWith(key)) === 200; tries++) await Bun.sleep(20)
  expect(await statusWith(key)).toBe(401)
  expect(keys('revoke', id)).toMatchObject({
    code: 1,
    complained: expect.stringContaining(`Cannot revoke ${id}`),
  })
})

test('--json prints one line of JSON', async () => {
  const made = JSON.parse(keys('create', '--name', 'robot', '--role', 'admin', '--json').said)
  expect(made).toMatchObject({ name: 'robot', role: 'admin', expires_at: null, revoked_at: null })
  expect(await statusWith(made.key)).toBe(200)
  const listed: { id: string; digest?: unknown; key?: unknown }[] = JSON.parse(
    keys('list', '--json').said,
  )
  expect(listed.find(({ id }) => id === made.id)).toMatchObject({ name: 'robot', role: 'admin' })
  expect(listed.some((row) => 'digest' in row || 'key' in row)).toBe(false)
})

test.each([
  [[], 'which command?'],
  [['make'], 'there is no command make'],
  [['create'], 'create takes --name NAME'],
  [['create', '--name', 'a\u001b[2Jb', '--role', 'reader'], 'create takes --name NAME'],
  [['create', '--name', 'x', '--role', 'root'], 'create takes --role reader|analyst|admin'],
  [
    ['create', '--name', 'x', '--role', 'reader', '--expires', '0d'],
    '--expires takes days or hours',
  ],
  [['create', 'x'], 'create takes no x'],
  [['list', '--role', 'admin'], 'list takes no --name, --role, --expires'],
  [['revoke'], 'revoke takes one ID'],
  [['revoke', 'a', '--force'], "Unknown option '--force'"],
])('%p is wrong usage', (args, reason) => {
  const { code, complained } = keys(...args)
  expect([code, complained]).toEqual([2, expect.stringContaining(`Cannot handle keys: ${reason}`)])
  expect(complained).toMatch(/^[^\n]*; npm run keys -- --help shows how\n$/)
})
