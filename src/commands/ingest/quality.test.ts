import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runIngest } from '../../../modules/ingestion/testing/command.ts'
import { fullLists, item } from '../../../modules/ingestion/testing/ingest.ts'

/** An address where nothing listens, for commands that need no database. */
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
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: '2026-05-01: reading price_full_file_x.csv\n',
  })
  const [markdown = '', json = ''] = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  expect(markdown).toContain('## 2026-05-01')
  expect(JSON.parse(json)).toMatchObject({
    versions: [{ version: '2026-05-01', files: [{ rows: 2 }] }],
    errors: [],
  })
})

test('one report on several versions is written below DATA_DIR by default', async () => {
  const other = join(folder, '2026-05-02')
  await mkdir(other)
  await writeFile(
    join(other, 'price_full_file_x.csv'),
    await readFile(join(version, 'price_full_file_x.csv')),
  )
  const { code, stdout } = await runIngest(NOWHERE, ['inventory', other, version], {
    DATA_DIR: join(folder, 'data'),
  })
  expect(code).toBe(0)
  expect(stdout).toContain('2026-05-02: 1 file')
  expect(await readdir(join(folder, 'data/reports/2026-05-01--2026-05-02'))).toEqual([
    'inventory.json',
    'inventory.md',
  ])
})

test('exit code 1: an unreadable file is named, and the rest is reported', async () => {
  const broken = join(folder, 'broken.zip')
  await writeFile(broken, 'no zip')
  const { code, stdout } = await runIngest(NOWHERE, ['profile', broken, version, '--out', out])
  expect(code).toBe(1)
  expect(stdout).toStartWith(`2026-05-01: 1 CSV, 2 rows, 9 columns\nERROR Cannot read ${broken}: `)
})

test('validate: exit code 0 without errors, 1 with errors, and it creates no database', async () => {
  const none = { DATABASE_URL: '', DATA_DIR: join(folder, 'none') }
  const fine = await runIngest('', ['validate', version, '--out', out], none)
  expect(fine.stdout).toBe(
    [
      'Compared with the other versions given; there is no database.',
      '2026-05-01: 1 CSV, 2 rows, 1 price list: 0 errors, 0 warnings',
      `Wrote ${join(out, 'validate.md')} and ${join(out, 'validate.json')}\n`,
    ].join('\n'),
  )
  expect({ code: fine.code, made: await stat(none.DATA_DIR).catch(() => null) }).toEqual({
    code: 0,
    made: null,
  })

  const later = join(folder, '2026-05-03')
  await mkdir(later)
  const rows = Array.from({ length: 2 }, (_, i) => item(String(101 + i), 'x'))
  await writeFile(join(later, 'price_full_file_y.csv'), fullLists([{ at: '202605030300', rows }]))
  const { code, stdout } = await runIngest('', ['validate', version, later, '--out', out], none)
  expect(code).toBe(1)
  expect(stdout).toContain(
    '2026-05-03: 1 CSV, 2 rows, 1 price list: 1 error, 0 warnings\n  ERROR rejects (1)\n    price_full_file_y.csv line 2: 2 rows (100.0%): a price that cannot be read\n',
  )
  const report = JSON.parse(await readFile(join(out, 'validate.json'), 'utf8'))
  expect(report.versions[1]).toMatchObject({
    version: '2026-05-03',
    errors: 1,
    findings: [{ check: 'rejects', level: 'error' }],
  })
  expect(await readFile(join(out, 'validate.md'), 'utf8')).toContain(
    '### rejects (error, 1)\n\nRows that loading would reject',
  )
})

test('validate: long lists are shortened in the text and complete in the JSON', async () => {
  const many = join(folder, '2026-05-04')
  await mkdir(many)
  const lists = Array.from({ length: 60 }, (_, i) => ({
    store: String(i + 1),
    at: '202605040300',
    rows: [item('101', '5')],
  }))
  await writeFile(join(many, 'price_full_file_y.csv'), fullLists(lists))
  const counts = lists.map(({ store, at }) => ({
    file_name: `PriceFull7290000000017-${store.padStart(3, '0')}-${at}`,
    row_count: 2,
  }))
  await writeFile(join(many, 'y_price_full_file.json'), JSON.stringify({ events: counts }))
  const { stdout } = await runIngest('', ['validate', many, '--out', out], {
    DATABASE_URL: '',
    DATA_DIR: join(folder, 'none'),
  })
  expect(stdout).toContain('  ERROR row-count (60)\n')
  expect(stdout.match(/1 row, and the parser counted 2/g)).toHaveLength(5)
  expect(stdout).toContain('    … and 55 more, in validate.json\n')
  const markdown = await readFile(join(out, 'validate.md'), 'utf8')
  expect(markdown.match(/1 row, and the parser counted 2/g)).toHaveLength(50)
  expect(markdown).toContain('… and 10 more, in validate.json')
  expect(
    JSON.parse(await readFile(join(out, 'validate.json'), 'utf8')).versions[0].findings,
  ).toHaveLength(60)
})

test('exit code 1: validate with an unreachable database', async () => {
  const { code, stderr } = await runIngest(NOWHERE, ['validate', version, '--out', out])
  expect(code).toBe(1)
  expect(stderr).toStartWith('Cannot use the database of DATABASE_URL (127.0.0.1:1/none): ')
})

test('exit code 2: invalid usage', async () => {
  const [noPath, wrongPath, option] = await Promise.all([
    runIngest(NOWHERE, ['inventory']),
    runIngest(NOWHERE, ['profile', join(folder, 'missing')]),
    runIngest(NOWHERE, ['profile', version, '--json']),
  ])
  expect(noPath.code).toBe(2)
  expect(noPath.stderr).toBe(
    'Cannot ingest: no PATH was given; npm run ingest -- --help shows how\n',
  )
  expect(wrongPath).toMatchObject({ code: 2, stdout: '' })
  expect(wrongPath.stderr).toBe(
    `Cannot load ${join(folder, 'missing')}: there is no such file or directory\n`,
  )
  expect(option.code).toBe(2)
})
