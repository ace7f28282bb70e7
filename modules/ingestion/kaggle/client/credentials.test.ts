import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { failure } from '../../testing/kaggle.ts'
import { findCredentials } from './credentials.ts'

const NONE = { kaggleApiToken: '', kaggleUsername: '', kaggleKey: '' }
const home = await mkdtemp(join(tmpdir(), 'super-zol-home-'))
afterAll(() => rm(home, { recursive: true }))

let warnings: string[] = []
beforeEach(async () => {
  warnings = []
  await rm(join(home, '.kaggle'), { recursive: true, force: true })
  await mkdir(join(home, '.kaggle'))
})

async function put(name: string, text: string, mode = 0o600): Promise<string> {
  const path = join(home, name)
  await writeFile(path, text)
  await chmod(path, mode)
  return path
}

async function find(settings: Partial<typeof NONE> = {}): Promise<string[] | null> {
  const warn = (message: string) => warnings.push(message)
  const found = await findCredentials({ ...NONE, ...settings }, { warn, home, environment: {} })
  return found && [found.from, found.authorization()]
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

test('the first found in a fixed order are used', async () => {
  expect(await find()).toBeNull()
  await put('.kaggle/kaggle.json', '{"username": "file", "key": "k1"}')
  expect(await find()).toEqual(['~/.kaggle/kaggle.json', basic('file:k1')])
  const pair = { kaggleUsername: 'me', kaggleKey: 'k2' }
  expect(await find(pair)).toEqual(['KAGGLE_USERNAME and KAGGLE_KEY', basic('me:k2')])
  await put('.kaggle/access_token', 'token-1\n')
  expect(await find(pair)).toEqual(['~/.kaggle/access_token', 'Bearer token-1'])
  expect(await find({ ...pair, kaggleApiToken: 'token-2' })).toEqual([
    'KAGGLE_API_TOKEN',
    'Bearer token-2',
  ])
  expect(warnings).toEqual([])
})

test.each([
  ['~/.config/kaggle', '.config/kaggle', {}],
  ['XDG_CONFIG_HOME/kaggle', 'xdg/kaggle', { XDG_CONFIG_HOME: join(home, 'xdg') }],
  ['KAGGLE_CONFIG_DIR', 'mine', { KAGGLE_CONFIG_DIR: join(home, 'mine') }],
])('files in %s', async (name, folder, environment) => {
  await mkdir(join(home, folder), { recursive: true })
  const find = async () => {
    const found = await findCredentials(NONE, { warn: () => {}, home, environment })
    return found && [found.from, found.authorization()]
  }
  await put(`${folder}/kaggle.json`, '\uFEFF{"username": "file", "key": "k1"}')
  expect(await find()).toEqual([`${name}/kaggle.json`, basic('file:k1')])
  await put(`${folder}/access_token`, '\uFEFFtoken-1\r\n')
  expect(await find()).toEqual([`${name}/access_token`, 'Bearer token-1'])
  await put('.kaggle/access_token', 'token-2')
  const isNamed = name === 'KAGGLE_CONFIG_DIR'
  expect(await find()).toEqual(
    isNamed
      ? [`${name}/access_token`, 'Bearer token-1']
      : ['~/.kaggle/access_token', 'Bearer token-2'],
  )
  await rm(join(home, folder), { recursive: true })
})

test('KAGGLE_API_TOKEN may be the path of a file', async () => {
  const path = await put('token.txt', ' token-3\n')
  const found = ['the file that KAGGLE_API_TOKEN names', 'Bearer token-3']
  expect(await find({ kaggleApiToken: path })).toEqual(found)
  expect(await find({ kaggleApiToken: '~/token.txt' })).toEqual(found)
  await expect(find({ kaggleApiToken: '/no/such/file' })).rejects.toThrow(
    'Cannot use KAGGLE_API_TOKEN to ask Kaggle: there is no file at the path that it holds',
  )
  const long = `KGAT_${'a'.repeat(5000)}`
  expect(await find({ kaggleApiToken: long })).toEqual(['KAGGLE_API_TOKEN', `Bearer ${long}`])
})

test('a key that begins with KGAT_ is a token', async () => {
  expect((await find({ kaggleUsername: 'me', kaggleKey: 'KGAT_1' }))?.[1]).toBe('Bearer KGAT_1')
  expect((await find({ kaggleKey: 'KGAT_1' }))?.[1]).toBe('Bearer KGAT_1')
  await put('.kaggle/kaggle.json', '{"username": "me", "key": "KGAT_2"}')
  expect(await find()).toEqual(['~/.kaggle/kaggle.json', 'Bearer KGAT_2'])
})

test('an incomplete pair is not used, with a warning', async () => {
  expect(await find({ kaggleUsername: 'me' })).toBeNull()
  expect(await find({ kaggleKey: 'k' })).toBeNull()
  expect(warnings).toEqual([
    'KAGGLE_USERNAME is not used, for KAGGLE_KEY is not set',
    'KAGGLE_KEY is not used, for KAGGLE_USERNAME is not set',
  ])
})

test.skipIf(process.platform === 'win32')(
  'a file that others can read is used, with a warning',
  async () => {
    await put('.kaggle/kaggle.json', '{"username": "file", "key": "k1"}', 0o644)
    expect(await find()).not.toBeNull()
    expect(warnings).toEqual([
      'Other users of this machine may read ~/.kaggle/kaggle.json: chmod 600 keeps it to its owner',
    ])
  },
)

describe('errors name unusable credentials without their content', () => {
  test.each([
    ['no JSON', '{"username": "me", "key": "s3cret'],
    ['no key', '{"username": "s3cret"}'],
    ['no object', '"s3cret"'],
  ])('%s', async (_, text) => {
    await put('.kaggle/kaggle.json', text)
    const error = await failure(find())
    expect(error.message).toBe(
      'Cannot use ~/.kaggle/kaggle.json to ask Kaggle: it is not {"username": "…", "key": "…"}',
    )
    expect(inspect(error)).not.toContain('s3cret')
  })

  test('an invalid token', async () => {
    for (const kaggleApiToken of ['s3cret\nX-Header: 1', 's3cret word', 's3cret־']) {
      const error = await failure(find({ kaggleApiToken }))
      expect(error.message).toBe('Cannot use KAGGLE_API_TOKEN to ask Kaggle: it is not a token')
    }
  })

  test('a folder instead of the file', async () => {
    await mkdir(join(home, '.kaggle/access_token'))
    await expect(find()).rejects.toThrow(
      'Cannot use ~/.kaggle/access_token to ask Kaggle: it cannot be read (EISDIR)',
    )
  })
})

test('a logged object shows no secret', async () => {
  const found = await findCredentials(
    { ...NONE, kaggleUsername: 'me', kaggleKey: 's3cret' },
    { warn: () => {}, home },
  )
  expect(inspect(found, { depth: 9 }) + JSON.stringify(found)).not.toMatch(/s3cret|bWU6czNjcmV0/)
  expect(found?.conceal('s3cret and bWU6czNjcmV0')).toBe('… and …')
})
