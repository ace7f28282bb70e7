import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false })
})
afterAll(() => database.drop())

function migrate(...args: string[]): { code: number; said: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync(
    [process.execPath, join(import.meta.dir, '../main.ts'), 'migrate', ...args],
    {
      env: { ...process.env, DATABASE_URL: database.url },
    },
  )
  return { code: exitCode, said: `${stdout}${stderr}` }
}

test('migrate up, status and down print their results', () => {
  expect(migrate('status')).toEqual({
    code: 0,
    said: expect.stringContaining('pending   0001_main'),
  })
  expect(migrate('up')).toEqual({ code: 0, said: expect.stringContaining('applied  0001_main') })
  expect(migrate('up')).toEqual({ code: 0, said: 'nothing is pending\n' })
  expect(migrate('status')).toEqual({
    code: 0,
    said: expect.stringContaining('applied   0001_main'),
  })
  expect(migrate('down', '--all')).toEqual({
    code: 0,
    said: expect.stringContaining('reverted  0001_main'),
  })
})

test.each([
  [[], 'which command?'],
  [['sideways'], 'there is no command sideways'],
  [['up', 'now'], 'up takes no now'],
  [['up', '--all'], 'up takes no --all'],
  [['down', '--now'], "Unknown option '--now'"],
  [['create', 'cities'], 'create needs the sources'],
])('%p is wrong usage', (args, reason) => {
  const { code, said } = migrate(...args)
  expect(code).toBe(2)
  expect(said).toContain(`Cannot migrate: ${reason}`)
  expect(said.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/; npm run migrate -- --help shows how$/),
  ])
})

test('reading commands do not create an embedded cluster', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'super-zol-nothing-'))
  for (const args of [
    ['migrate', 'status'],
    ['migrate', 'down'],
    ['keys', 'list'],
    ['keys', 'revoke', '0123456789ab'],
  ]) {
    const { exitCode, stderr } = Bun.spawnSync(
      [process.execPath, join(import.meta.dir, '../main.ts'), ...args],
      { env: { ...process.env, DATABASE_URL: '', DATA_DIR: dataDir } },
    )
    expect([exitCode, `${stderr}`]).toEqual([
      1,
      `Cannot find a database: DATABASE_URL is not set, and DATA_DIR=${dataDir} has none; npm start creates one there\n`,
    ])
  }
  expect(readdirSync(dataDir)).toEqual([])
  rmSync(dataDir, { recursive: true })
})
