import { afterAll, beforeAll, expect, test } from 'bun:test'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { killHolder } from '../testing/killed-holder.ts'
import { openCluster } from './cluster.ts'
import { connect } from './connect.ts'
import { openEmbedded } from './embedded.ts'
import { findPostmaster, startPostmaster, stopPostmaster } from './postmaster.ts'

let root: string
let current: string
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'super-zol-paths-'))
  chmodSync(root, 0o755)
  current = join(root, 'first')
  mkdirSync(current)
  await (await openEmbedded(current, { durable: false })).close()
})
afterAll(() => rmSync(root, { recursive: true }))

/** Moves one cluster to each path, because creating a cluster takes seconds. */
function moveTo(path: string): void {
  renameSync(current, path)
  current = path
}

const NAMES = [
  'a plain-name_1.0',
  'two  spaces and a trailing one ',
  "an 'apostrophe' and `ticks`",
  'a "quoted" name',
  'סופר זול',
  '%20 #hash ?query & $HOME;',
  'x'.repeat(200),
]

for (const name of NAMES) {
  test(`a server starts, stops, is joined after a kill and starts again in ${name.slice(0, 40)}`, async () => {
    moveTo(join(root, name))
    await startStopKillStart(current)
  })
}

test('a server behind a symbolic link starts, stops, is joined after a kill and starts again', async () => {
  const link = join(root, 'link')
  symlinkSync(current, link)
  await startStopKillStart(link)
  unlinkSync(link)
})

test('a live server is recognised at any program path, and its pid file is kept', async () => {
  const cluster = await openCluster(current)
  const pidFile = join(cluster.folder, 'postmaster.pid')
  for (const name of NAMES) {
    const clone = join(root, `clone ${name.slice(0, 40)}`)
    symlinkSync(dirname(dirname(cluster.postgres)), clone)
    const moved = { ...cluster, postgres: join(clone, 'bin', 'postgres') }
    await startPostmaster(moved, { durable: false })
    const server = findPostmaster(moved)
    expect([name, server?.pid]).toEqual([name, Number.parseInt(readFileSync(pidFile, 'utf8'), 10)])
    await stopPostmaster(moved)
    expect(existsSync(pidFile)).toBe(false)
  }
})

async function startStopKillStart(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postgres', 'postmaster.pid')
  const first = await openEmbedded(dataDir, { durable: false })
  const live = readFileSync(pidFile, 'utf8')
  const cluster = await openCluster(dataDir)
  expect(findPostmaster(cluster)?.pid).toBe(Number(live.split('\n')[0]))
  expect(readFileSync(pidFile, 'utf8')).toBe(live)
  await first.close()
  expect(existsSync(pidFile)).toBe(false)

  const url = await killHolder(dataDir)
  const joined = await openEmbedded(dataDir, { durable: false })
  expect(joined.url).toBe(url)
  await joined.close()
  expect(existsSync(pidFile)).toBe(false)

  const again = await openEmbedded(dataDir, { durable: false })
  const sql = connect(again.url, { max: 1 })
  expect([...(await sql`select 1 as answer`)]).toEqual([{ answer: 1 }])
  await sql.end()
  await again.close()
}
