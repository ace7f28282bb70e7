import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { runIngest, startIngest } from '../../../modules/ingestion/testing/command.ts'
import {
  type Bench,
  currentOf,
  fullLists,
  item,
  openBench,
} from '../../../modules/ingestion/testing/ingest.ts'
import { stopBefore } from '../../../modules/ingestion/testing/stops.ts'
import { createTestDatabase } from '../../testing/test-database.ts'
import { progressPrinter } from './report.ts'

let bench: Bench
let good = ''
beforeAll(async () => {
  bench = await openBench()
  good = await bench.write('2026-05-01', {
    'price_full_file_x.csv': fullLists([
      { at: '202605010300', rows: [item('101', '5'), item('102', 'abc')] },
    ]),
  })
})
beforeEach(() => bench.empty())
afterAll(() => bench.close())

test('exit code 0: a load with rejected rows succeeds and --json prints a summary as the last line', async () => {
  const { code, stdout, stderr } = await runIngest(bench.url, [good, '--json'])
  expect(code).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  const summary = JSON.parse(lines.at(-1) ?? '')
  expect(summary).toMatchObject({ status: 'completed', run_id: 1, dry_run: false, errors: [] })
  expect(summary.versions).toMatchObject([
    {
      version: '2026-05-01',
      files_read: 1,
      rows: { price_full: 2 },
      rejects: 1,
      published: { spansAdded: 1 },
    },
  ])
  expect(lines[0]).toMatch(/^version .* rejected$/)
  expect(lines[1]).toMatch(/^2026-05-01 +1 .* 1$/)
  expect(lines.at(-2)).toMatch(/^Loaded in \d+\.\d s$/)
  const [reading, publishing, logged = '', ...more] = stderr.trimEnd().split('\n')
  expect([reading, publishing, more]).toEqual([
    '2026-05-01: reading price_full_file_x.csv',
    '2026-05-01: publishing',
    [],
  ])
  expect(JSON.parse(logged)).toMatchObject({ level: 'info', msg: 'ingestion run', summary })
  expect([...(await bench.sql`select status, trigger, summary from ingestion.runs`)]).toEqual([
    { status: 'completed', trigger: 'command', summary },
  ])
})

test('exit code 0: --dry-run reads the files and writes nothing', async () => {
  const { code, stdout } = await runIngest(bench.url, [good, '--dry-run', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
    dry_run: true,
    run_id: null,
  })
  expect(stdout).toContain('Read, nothing written in')
  expect([...(await bench.sql`select from ingestion.runs`)]).toEqual([])
})

test('exit code 0: --dry-run creates no tables in an empty database', async () => {
  const { sql, url, drop } = await createTestDatabase({ migrated: false })
  const { code, stdout } = await runIngest(url, [good, '--dry-run', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '').versions).toMatchObject([
    { rows: { price_full: 2 } },
  ])
  const made =
    await sql`select from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`
  expect([...made]).toEqual([])
  await drop()
})

test('exit code 1: a file that cannot be loaded does not stop the others', async () => {
  const broken = await bench.write('2026-05-02', {
    'price_full_file_x.csv': fullLists([{ at: '202605020300', rows: [item('101', '6')] }]),
    'price_full_file_y.csv': 'found_folder,file_name\n',
  })
  const { code, stdout } = await runIngest(bench.url, [good, broken, '--json'])
  expect(code).toBe(1)
  expect(stdout).toContain(
    'ERROR 2026-05-02: price_full_file_y.csv: Cannot read a price file without the column chainid',
  )
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '').status).toBe('failed')
  expect((await currentOf(bench.sql)).map((price) => price.split(' ').at(-1))).toEqual(['6.00'])
})

test('exit code 1: the error names an invalid zip file', async () => {
  const path = join(bench.folder, 'none.zip')
  await writeFile(path, 'no zip')
  const { code, stdout } = await runIngest(bench.url, [path])
  expect(code).toBe(1)
  expect(stdout).toContain(`ERROR Cannot read ${path}: `)
})

test('exit code 2: invalid usage prints the problem and how to see the help', async () => {
  const missing = join(bench.folder, 'missing')
  const [noPath, option, wrongPath, help] = await Promise.all([
    runIngest(bench.url, []),
    runIngest(bench.url, [good, '--fast']),
    runIngest(bench.url, [missing]),
    runIngest(bench.url, ['--help']),
  ])
  expect(noPath.code).toBe(2)
  expect(noPath.stderr).toBe(
    'Cannot ingest: no PATH was given; npm run ingest -- --help shows how\n',
  )
  expect(option.code).toBe(2)
  expect(option.stderr).toMatch(/^Cannot ingest: .*--fast.*; npm run ingest -- --help shows how\n$/)
  expect(wrongPath.code).toBe(2)
  expect(wrongPath.stderr).toBe(`Cannot load ${missing}: there is no such file or directory\n`)
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('Exit codes: 0 loaded')
  expect([...(await bench.sql`select from ingestion.runs`)]).toEqual([])
})

test('exit code 3: a second concurrent run reports the lock and exits', async () => {
  const stop = await stopBefore(bench.url, 'core.outbox')
  const first = startIngest(bench.url, [good])
  await stop.reached()
  const second = await runIngest(bench.url, [good])
  expect(second).toMatchObject({
    code: 3,
    stdout: '',
    stderr: 'Cannot start: another run holds the lock\n',
  })
  await stop.release()
  expect((await first.ended).code).toBe(0)
  expect(await currentOf(bench.sql)).toHaveLength(1)
})

test('exit code 1: a database error is printed without a stack trace', async () => {
  const server = createServer()
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
  })
  await new Promise((resolve) => server.close(resolve))
  const { code, stdout, stderr } = await runIngest(
    `postgres://nobody:secret@127.0.0.1:${port}/none`,
    [good],
  )
  expect(code).toBe(1)
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(
      /^Cannot use the database of DATABASE_URL \(127\.0\.0\.1:\d+\/none\): .*(refused|ECONNREFUSED)/,
    ),
  ])
  expect(`${stdout}${stderr}`).not.toContain('secret')
})

for (const [phase, table] of [
  ['read', 'ingestion.staged_lists'],
  ['publish', 'core.generation'],
] as const) {
  test(`exit code 1: the connection is cut during ${phase}`, async () => {
    const stop = await stopBefore(bench.url, table)
    const { ended } = startIngest(bench.url, [good, '--json'])
    await bench.sql`select pg_terminate_backend(${await stop.reached()})`
    const cut = await Promise.race([ended, Bun.sleep(8000).then(() => 'it hangs' as const)])
    await stop.release()
    if (cut === 'it hangs') throw new Error('Cannot see the run end: it hangs')
    expect(cut.code).toBe(1)
    const progress = cut.stderr.split('\n').filter((line) => line.startsWith('2026-05-01: '))
    expect(progress).toEqual([
      '2026-05-01: reading price_full_file_x.csv',
      ...(phase === 'publish' ? ['2026-05-01: publishing'] : []),
    ])
    expect(JSON.parse(cut.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      status: 'failed',
      errors: [expect.stringMatching(/connection/i)],
    })
    expect((await runIngest(bench.url, [good])).code).toBe(0)
    expect(await currentOf(bench.sql)).toHaveLength(1)
  }, 30_000)
}

test('progress is one bar on a terminal, and elsewhere a line per file and per 10% fetched', () => {
  const written = (isTTY: boolean): string => {
    let text = ''
    const to = { isTTY, columns: 60, write: (piece: string) => (text += piece) }
    const progress = progressPrinter(to)
    for (const done of [0, 0.04, 0.1])
      progress.show({ version: 'v', doing: 'fetching', file: '', done })
    for (const done of [0, 0.25, 0.5])
      progress.show({ version: 'v', doing: 'reading', file: 'a.csv', done })
    progress.show({ version: 'v', doing: 'checking', file: 'b.csv', done: 1 })
    progress.show({ version: 'v', doing: 'publishing', file: '', done: 1 })
    progress.end()
    return text
  }
  expect(written(false)).toBe(
    'v: fetching 0%\nv: fetching 10%\nv: reading a.csv\nv: checking b.csv\nv: publishing\n',
  )
  const bars = written(true).split('\r\x1b[K')
  expect(bars).toEqual([
    '',
    `${'░'.repeat(24)} 0% v fetching`,
    `${'█'}${'░'.repeat(23)} 4% v fetching`,
    `${'██'}${'░'.repeat(22)} 10% v fetching`,
    `${'░'.repeat(24)} 0% v a.csv`,
    `${'█'.repeat(6)}${'░'.repeat(18)} 25% v a.csv`,
    `${'█'.repeat(12)}${'░'.repeat(12)} 50% v a.csv`,
    `${'█'.repeat(24)} 100% v b.csv`,
    `${'█'.repeat(24)} 100% v publishing`,
    '',
  ])
})
