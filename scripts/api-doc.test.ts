import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, type TestDatabase } from '../src/testing/test-database.ts'
import { findProgram } from './gate/delivery/checkers.ts'
import { ROOT, runTool } from './gate/run-tool.ts'
import { type RunningServer, startServer } from './start-server.ts'

/** Every command of docs/api.md with the part of its response that the page shows. */
const examples = [
  ...readFileSync(join(ROOT, 'docs/api.md'), 'utf8').matchAll(
    /```sh\n(.*?)```\n```(json|text)\n(.*?)```/gs,
  ),
].map(([, command = '', form = '', shown = '']) => ({
  command,
  form,
  shown,
  title: command.split('\n')[0] ?? '',
}))

const ABSENT = ['bash', 'curl', 'sed', 'npm'].find((program) => findProgram(program) === undefined)
const isSkipped = ABSENT !== undefined && process.env.CI !== 'true'

let database: TestDatabase
let folder = ''
let server: RunningServer
let variables: Record<string, string>

describe.skipIf(isSkipped)(
  `docs/api.md${isSkipped ? ` (not run: ${ABSENT} is not there)` : ''}`,
  () => {
    beforeAll(async () => {
      if (ABSENT !== undefined)
        throw new Error(`Cannot type the commands of docs/api.md: apt-get install ${ABSENT}`)
      database = await createTestDatabase()
      folder = await mkdtemp(join(tmpdir(), 'super-zol-tour-'))
      variables = {
        DATABASE_URL: database.url,
        DATA_DIR: folder,
        LOG_FORMAT: 'json',
        SAMPLE_DATA: 'auto',
      }
      server = await startServer(variables, 'ignore')
    }, 120_000)
    afterAll(async () => {
      await server?.stop()
      await database?.drop()
      await rm(folder, { recursive: true, force: true })
    })

    test('docs/api.md has commands for its sections', () =>
      expect(examples.length).toBeGreaterThan(12))

    test.each(examples)('$title', async ({ command, form, shown }) => {
      const typed = command
        .replaceAll('http://localhost:3000', server.url)
        .replaceAll('curl ', 'curl -s ')
      const { code, stdout, stderr } = await runTool(['bash', '-euc', typed], { variables })
      expect([code, stderr]).toEqual([0, ''])
      if (form === 'json') expectShown(JSON.parse(stdout), JSON.parse(shown))
      else
        for (const line of shown.trimEnd().split('\n'))
          expect(stdout.toLowerCase()).toContain(line.toLowerCase())
    })
  },
)

/** Compares only the shown fields of objects and the shown first items of lists. */
function expectShown(real: unknown, shown: unknown, place = 'the answer'): void {
  if (typeof shown !== 'object' || shown === null) {
    expect([place, real]).toEqual([place, shown])
    return
  }
  for (const [name, value] of Object.entries(shown)) {
    expectShown(
      Object(real)[name],
      value,
      Array.isArray(shown) ? `${place}[${name}]` : `${place}.${name}`,
    )
  }
}
