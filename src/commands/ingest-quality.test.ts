import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runIngest } from '../../modules/ingestion/command.testing.ts'
import { fullLists, item } from '../../modules/ingestion/testing.ts'

/** Nothing listens there: what answers needs no database. */
const NOWHERE = 'postgres://nobody@127.0.0.1:1/none'

let folder = ''
let version = ''
let out = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'super-zol-reports-'))
  version = join(folder, '2026-05-01')
  out = join(folder, 'out')
  await mkdir(version)
  const text = fullLists([{ at: '202605010300', rows: [item('101', '5'), item('102', '6')] }])
  await writeFile(join(version, 'price_full_file_x.csv'), text)
})
afterAll(() => rm(folder, { recursive: true }))

test.each([
  ['inventory', '2026-05-01: 1 file, 1 kB, 2 rows, 1 source file, 1 chain, 1 store'],
  ['profile', '2026-05-01: 1 CSV, 2 rows, 9 columns'],
])('0: %s writes Markdown and JSON, and needs no database', async (name, line) => {
  const { code, stdout, stderr } = await runIngest(NOWHERE, [name, version, '--out', out])
  const paths = [join(out, `${name}.md`), join(out, `${name}.json`)]
  expect(stdout).toBe(`${line}\nWrote ${paths.join(' and ')}\n`)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '2026-05-01: reading price_full_file_x.csv\n' })
  const [markdown = '', json = ''] = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  expect(markdown).toContain('## 2026-05-01')
  expect(JSON.parse(json)).toMatchObject({ versions: [{ version: '2026-05-01', files: [{ rows: 2 }] }], errors: [] })
})

test('below DATA_DIR unless told otherwise; of several versions in one report', async () => {
  const other = join(folder, '2026-05-02')
  await mkdir(other)
  await writeFile(join(other, 'price_full_file_x.csv'), await readFile(join(version, 'price_full_file_x.csv')))
  const { code, stdout } = await runIngest(NOWHERE, ['inventory', other, version], { DATA_DIR: join(folder, 'data') })
  expect(code).toBe(0)
  expect(stdout).toContain('2026-05-02: 1 file')
  expect(await readdir(join(folder, 'data/reports/2026-05-01--2026-05-02'))).toEqual(['inventory.json', 'inventory.md'])
})

test('1: what cannot be read is named, and the rest is reported', async () => {
  const broken = join(folder, 'broken.zip')
  await writeFile(broken, 'no zip')
  const { code, stdout } = await runIngest(NOWHERE, ['profile', broken, version, '--out', out])
  expect(code).toBe(1)
  expect(stdout).toStartWith(`2026-05-01: 1 CSV, 2 rows, 9 columns\nERROR Cannot read ${broken}: `)
})

test('2: wrong usage', async () => {
  const [noPath, wrongPath, option] = await Promise.all([
    runIngest(NOWHERE, ['inventory']),
    runIngest(NOWHERE, ['profile', join(folder, 'missing')]),
    runIngest(NOWHERE, ['profile', version, '--json']),
  ])
  expect(noPath.code).toBe(2)
  expect(noPath.stderr).toStartWith('Cannot ingest: no PATH was given\n\nUsage: ')
  expect(wrongPath).toMatchObject({ code: 2, stdout: '' })
  expect(wrongPath.stderr).toBe(`Cannot load ${join(folder, 'missing')}: there is no such file or directory\n`)
  expect(option.code).toBe(2)
})
