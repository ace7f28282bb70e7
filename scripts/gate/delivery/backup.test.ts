import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { connect, type Sql } from '../../../src/db/connect.ts'
import { migrateUp } from '../../../src/db/migrate.ts'
import { insertFixtures } from '../../../src/testing/fixtures.ts'
import { ROOT, runTool, type ToolResult } from '../run-tool.ts'
import { findPrograms, openOwnServer } from './own-server.ts'

const programs = findPrograms()
const SCRIPTS = join(ROOT, 'kustomize/components/backup')

/** A digest of all rows of each table, by table name. */
async function contents(sql: Sql): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname !~ '^pg_' and schemaname <> 'information_schema' order by 1`
  const digests = tables.map(async ({ name }) => {
    const [row] = await sql.unsafe<{ digest: string }[]>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from ${name} as t`,
    )
    return [name, row?.digest ?? ''] as const
  })
  return Object.fromEntries(await Promise.all(digests))
}

const isAsked = process.env.CI === 'true' && process.platform === 'linux'

describe.skipIf(programs === undefined && !isAsked)('backup.sh and restore.sh', () => {
  let server: Awaited<ReturnType<typeof openOwnServer>>
  let sql: Sql
  let folder: string
  beforeAll(async () => {
    if (programs === undefined)
      throw new Error("Cannot back up: install Debian's package postgresql")
    folder = mkdtempSync(join(tmpdir(), 'super-zol-backups-'))
    server = await openOwnServer(programs)
    sql = connect(server.url)
    await migrateUp(sql)
    await insertFixtures(sql)
  })
  afterAll(async () => {
    await sql?.end()
    await server?.close()
    if (folder) rmSync(folder, { recursive: true })
  })

  function run(
    script: string,
    args: string[] = [],
    more: Record<string, string> = {},
  ): Promise<ToolResult> {
    const PATH = [programs, process.env.PATH].join(delimiter)
    const variables = { PATH, DATABASE_URL: server.url, BACKUP_DIR: folder, ...more }
    return runTool(['bash', join(SCRIPTS, script), ...args], { variables })
  }

  test('a restore brings back every row of every table and notifies listeners', async () => {
    const before = await contents(sql)
    const backup = await run('backup.sh')
    expect([backup.code, backup.stderr]).toEqual([0, ''])
    const { backup: name, tables } = JSON.parse(backup.stdout)
    expect(tables).toBe(Object.keys(before).length)
    expect(readdirSync(folder).sort()).toEqual([name, `${name}.sha256`])

    let notifications = 0
    await sql.listen('generation', () => notifications++)
    await sql`delete from pricing.prices`
    await sql`create schema later create table later.things (id integer)`
    await sql`alter table catalog.stores drop column zip`
    const restore = await run('restore.sh')
    expect([restore.code, restore.stderr, JSON.parse(restore.stdout)]).toEqual([
      0,
      '',
      { restored: name },
    ])
    await sql.end()
    sql = connect(server.url)
    expect(await contents(sql)).toEqual(before)
    expect(notifications).toBe(1)
  })

  test('restoring a damaged dump, or one that fails half way, changes nothing', async () => {
    const before = await contents(sql)
    const [name = ''] = readdirSync(folder).sort()
    appendFileSync(join(folder, name), 'x')
    const damaged = await run('restore.sh')
    expect([damaged.code, await contents(sql)]).toEqual([1, before])
    expect(damaged.stderr).toContain(`Cannot restore: ${name} is damaged`)
    const absent = await run('restore.sh', ['another.dump'])
    expect([absent.code, absent.stderr]).toEqual([
      1,
      `Cannot restore: ${folder}/another.dump is not there\n`,
    ])

    // makes the first drop of the restore fail
    await sql`create schema guarded`
    await sql`create function guarded.no() returns event_trigger language plpgsql as 'begin raise exception ''no''; end'`
    await sql`create event trigger guard on sql_drop execute function guarded.no()`
    expect((await run('backup.sh')).code).toBe(0)
    expect((await run('restore.sh')).code).not.toBe(0)
    await sql`drop event trigger guard`
    await sql`drop schema guarded cascade`
    expect(await contents(sql)).toEqual(before)
  })

  test('the newest dumps are kept; a failed backup leaves existing dumps unchanged', async () => {
    const wrong = await run('backup.sh', [], { KEEP: 'all' })
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      'Cannot back up: KEEP=all must be a whole number from 1\n',
    ])
    const filesBefore = readdirSync(folder)
    const unreachable = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', WAIT_SECONDS: '1' }
    const failed = await run('backup.sh', [], unreachable)
    expect([failed.code, readdirSync(folder)]).toEqual([1, filesBefore])
    await Bun.sleep(1100)
    const { backup, kept } = JSON.parse((await run('backup.sh', [], { KEEP: '1' })).stdout)
    expect([kept, readdirSync(folder).sort()]).toEqual([1, [backup, `${backup}.sha256`]])
    expect((await run('restore.sh', ['--list'])).stdout).toBe(`${backup}\n`)
  })
})
