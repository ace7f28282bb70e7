import { afterAll, beforeAll, expect, test } from 'bun:test'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestServer } from '../../src/testing/test-database.ts'
import { noBuilder } from '../gate/delivery/build.ts'
import { ROOT, runTool, type ToolResult } from '../gate/run-tool.ts'

const skipped =
  process.platform === 'win32' || (noBuilder() !== undefined && process.env.CI !== 'true')
/** The files that the scripts change, and those that check the result. */
const COPIED = [
  '.dependency-cruiser.cjs',
  '.env.example',
  'README.md',
  'biome.json',
  'bunfig.toml',
  'docs',
  'drizzle',
  'kustomize',
  'modules',
]
const COPIED_TOO = [
  'package.json',
  'package-lock.json',
  'scripts',
  'src',
  'tsconfig.json',
  'versions.yaml',
]

let copy: string
let server: Awaited<ReturnType<typeof openTestServer>>
beforeAll(async () => {
  // PostgreSQL's user may not enter the copy
  server = await openTestServer()
  copy = mkdtempSync(join(tmpdir(), 'super-zol-new-'))
  for (const name of [...COPIED, ...COPIED_TOO])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  mkdirSync(join(copy, '.data'))
  const checkers = join(ROOT, '.data/checkers')
  if (existsSync(checkers)) symlinkSync(checkers, join(copy, '.data/checkers'))
})
afterAll(async () => {
  rmSync(copy, { recursive: true })
  await server.close()
})

async function succeed(...command: string[]): Promise<ToolResult> {
  const result = await runTool(command, { cwd: copy, variables: { TEST_DATABASE_URL: server.url } })
  expect([command.join(' '), result.code, result.stdout + result.stderr]).toEqual([
    command.join(' '),
    0,
    expect.any(String),
  ])
  return result
}

test.skipIf(skipped)(
  'a new service and a new job pass their tests and all checks at once',
  async () => {
    const { stdout } = await succeed('scripts/new-service.sh', 'demo')
    expect(stdout).toContain('demo is there')
    await succeed('scripts/new-job.sh', 'sweep', '--cron', '15 5 * * *')
    const again = await runTool(['scripts/new-service.sh', 'demo'], { cwd: copy })
    expect([again.code, again.stderr]).toEqual([
      2,
      'Cannot make demo: there is modules/demo already\n',
    ])
    for (const wrong of [['Demo'], ['de/mo'], ['later', '--cron', 'at noon']])
      expect((await runTool(['scripts/new-job.sh', ...wrong], { cwd: copy })).code).toBe(2)

    await succeed(process.execPath, 'scripts/check.ts', 'types', 'lint', 'boundaries', 'manifests')
    const tests = [
      'modules/demo',
      'modules/sweep',
      'src/http/docs/docs.test.ts',
      'scripts/gate/delivery/folders.test.ts',
    ]
    await succeed(process.execPath, 'test', '--timeout=30000', ...tests)
  },
  180_000,
)
