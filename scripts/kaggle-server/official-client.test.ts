import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, runTool } from '../gate/run-tool.ts'
import { type KaggleServer, openKaggleServer } from './server.ts'
import { zipOf } from './write-zip.ts'

const CLIENT = join(ROOT, '.data/kaggle-client/bin/kaggle')
const INSTALL = 'scripts/kaggle-server/install-official-client.sh installs it'
const ABSENT = existsSync(CLIENT) ? '' : `${CLIENT} is not there; ${INSTALL}`
const DATASET = 'super-zol/test'
const VERSIONS = ['2026-05-01', '2026-05-02'].map((day) => ({
  'index.json': `{"0": "${day} 04:00:00"}`,
  'price_full_file_x.csv': `found_folder,file_name\n${day},\n`.repeat(50_000),
  'store_file_x.csv': 'found_folder,file_name\n',
}))

let folder = ''
let server: KaggleServer

/** `kaggle datasets …` */
function kaggle(args: string[], key = 'a-key') {
  const variables = {
    KAGGLE_API_ENDPOINT: server.endpoint,
    KAGGLE_USERNAME: 'me',
    KAGGLE_KEY: key,
    KAGGLE_CONFIG_DIR: folder,
    NO_PROXY: '127.0.0.1',
  }
  return runTool([CLIENT, 'datasets', ...args], { variables })
}

const download = (args: string[], to: string) =>
  kaggle(['download', ...args, '--quiet', '--path', join(folder, to)])
const rows = (csv: string) => [...csv.matchAll(/^([\w.]+),/gm)].map(([, name]) => name)

const isSkipped = ABSENT !== '' && process.env.CI !== 'true'

describe.skipIf(isSkipped)(`Kaggle's own client${isSkipped ? ` (not run: ${ABSENT})` : ''}`, () => {
  beforeAll(async () => {
    if (ABSENT !== '') throw new Error(`Cannot test with Kaggle's own client: ${ABSENT}`)
    folder = await mkdtemp(join(tmpdir(), 'super-zol-official-'))
    for (const [i, files] of VERSIONS.entries())
      await writeFile(join(folder, `2026-05-0${i + 1}.zip`), zipOf(files))
    const authorization = `Basic ${Buffer.from('me:a-key').toString('base64')}`
    server = await openKaggleServer({
      versions: folder,
      dataset: DATASET,
      authorization,
      isPrivate: true,
    })
  })
  afterAll(async () => {
    await server?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('lists the files, page after page', async () => {
    const [all, first] = await Promise.all([
      kaggle(['files', '--csv', DATASET]),
      kaggle(['files', '--csv', `${DATASET}/1`, '--page-size', '2']),
    ])
    expect(rows(all.stdout)).toEqual([
      'name',
      'index.json',
      'price_full_file_x.csv',
      'store_file_x.csv',
    ])
    expect(rows(first.stdout)).toEqual(['name', 'index.json', 'price_full_file_x.csv'])
    const token = /^Next Page Token = (\S+)$/m.exec(first.stdout)?.[1] ?? ''
    const second = await kaggle([
      'files',
      '--csv',
      `${DATASET}/1`,
      '--page-size',
      '2',
      '--page-token',
      token,
    ])
    expect(rows(second.stdout)).toEqual(['name', 'store_file_x.csv'])
  })

  test('downloads a version, the newest one and one file of it, to the byte', async () => {
    await Promise.all([
      download([`${DATASET}/1`], 'one'),
      download([DATASET], 'newest'),
      download([`${DATASET}/1`, '--file', 'price_full_file_x.csv'], 'file'),
    ])
    const zip = (i: number) => readFile(join(folder, `2026-05-0${i}.zip`))
    expect((await readFile(join(folder, 'one/test.zip'))).equals(await zip(1))).toBe(true)
    expect((await readFile(join(folder, 'newest/test.zip'))).equals(await zip(2))).toBe(true)
    const file = await readFile(join(folder, 'file/price_full_file_x.csv'), 'utf8')
    expect(file === VERSIONS[0]?.['price_full_file_x.csv']).toBe(true)
    const downloads = server.requests.filter(({ at }) => at === 'download' || at === 'storage')
    expect(
      downloads.filter(({ at }) => at === 'storage').map(({ authorization }) => authorization),
    ).toEqual(Array(3).fill(undefined))
    expect(downloads).toHaveLength(6)
  })

  test('resumes a partial download', async () => {
    const whole = await readFile(join(folder, '2026-05-02.zip'))
    await rm(join(folder, 'newest'), { recursive: true, force: true })
    server.requests.length = 0
    server.faults.push({ at: 'storage', cutAfter: 3000 })
    await download([DATASET], 'newest')
    const begun = (await readFile(join(folder, 'newest/test.zip'))).length
    await download([DATASET], 'newest')
    expect((await readFile(join(folder, 'newest/test.zip'))).equals(whole)).toBe(true)
    expect(server.requests.at(-1)).toMatchObject({ at: 'storage', from: begun })
  })

  test('is rejected with another key', async () => {
    const { code, stdout, stderr } = await kaggle(['files', DATASET], 'another')
    expect(code).not.toBe(0)
    expect(stdout + stderr).toContain('401')
  })
})
