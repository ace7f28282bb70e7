import { afterEach, beforeEach, expect, test } from 'bun:test'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killHolder } from '../testing/killed-holder.ts'
import { connect, type Sql } from './connect.ts'
import { openEmbedded } from './embedded.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'super-zol-embedded-'))
  // when the tests run as root, the server runs as another user
  chmodSync(dataDir, 0o755)
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const open = () => openEmbedded(dataDir, { durable: false })
const isRunning = () => existsSync(join(dataDir, 'postgres', 'postmaster.pid'))

async function withSql<T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = connect(url, { max: 1 })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

test('concurrent first starts share one server, and the last close stops it', async () => {
  const all = await Promise.all([open(), open(), open()])
  expect(new Set(all.map(({ url }) => url)).size).toBe(1)
  const [first, ...others] = all
  await first?.close()
  expect(isRunning()).toBe(true)
  await Promise.all(others.map((one) => one.close()))
  expect(isRunning()).toBe(false)
  expect(readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres.log'])
})

test('an embedded server keeps its data, in UTF-8 and the C locale', async () => {
  const first = await open()
  await withSql(first.url, (sql) => sql`create table kept as select 'חלב' as word`)
  await first.close()
  const second = await open()
  const rows = await withSql(second.url, (sql) => {
    return sql`select word, current_setting('server_encoding') as encoding, datcollate from kept, pg_database limit 1`
  })
  await second.close()
  expect([...rows]).toEqual([{ word: 'חלב', encoding: 'UTF8', datcollate: 'C' }])
})

test('an embedded server is joined again after its process was killed', async () => {
  const url = await killHolder(dataDir)
  const again = await open()
  expect(again.url).toBe(url)
  await again.close()
  expect(isRunning()).toBe(false)
})

test('an embedded server starts after a crash when another process has its old pid', async () => {
  await (await open()).close()
  const left = [
    process.pid,
    join(dataDir, 'postgres'),
    1_700_000_000,
    5432,
    '',
    '127.0.0.1',
    '',
    'ready',
    '',
  ]
  writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), left.join('\n'))
  const again = await open()
  expect(await withSql(again.url, async (sql) => (await sql`select 1 as one`).length)).toBe(1)
  await again.close()
})

test('an embedded server keeps running while another client is connected', async () => {
  const one = await open()
  const other = connect(one.url, { max: 1 })
  await other`select 1`
  await one.close()
  expect(isRunning()).toBe(true)
  await other.end()
  await (await open()).close()
  expect(isRunning()).toBe(false)
})

test('an incomplete cluster of a killed first start is removed', async () => {
  const half = join(dataDir, 'postgres.new-1')
  mkdirSync(half)
  utimesSync(half, new Date(0), new Date(0))
  await (await open()).close()
  expect(existsSync(half)).toBe(false)
})

test('a failed start gives an error with the end of the server log', async () => {
  await (await open()).close()
  writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '9\n')
  await expect(open()).rejects.toThrow(
    /^Cannot start the embedded PostgreSQL in .*postgres\.log:\n.*incompatible/s,
  )
}, 30_000)

test('a data folder that cannot be created gives an error with DATA_DIR', async () => {
  const file = join(dataDir, 'file')
  writeFileSync(file, '')
  await expect(openEmbedded(join(file, 'data'))).rejects.toThrow(
    `Cannot write to DATA_DIR=${join(file, 'data')}: `,
  )
})
