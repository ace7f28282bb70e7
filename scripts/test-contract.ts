/**
 * npm run test:contract [-- ARGUMENTS of schemathesis]: asks a server what its OpenAPI document promises, with all checks
 * of schemathesis and at least 100 examples an operation, as an admin. The server is our own, over the sample dataset, or
 * over the database of DATABASE_URL, which should be a copy: it is written to. Where schemathesis is not installed nothing
 * is checked, which the exit code 3 says.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { createTestDatabase } from '../src/testing/test-database.ts'
import { ROOT, runTool } from './gate/run-tool.ts'
import { startServer } from './start-server.ts'

const SCHEMATHESIS = join(ROOT, '.data/schemathesis/bin/schemathesis')
const EXAMPLES = 100
/** The exit code where nothing was checked: neither passed (0) nor failed (1). */
const NOT_RUN = 3
/** Told another one (`-- --seed N`), it asks other questions. */
const SEED = 1948

/** Of the processes that are started: nothing leaves the machine, and nothing slows a caller down. */
const VARIABLES = {
  LOG_FORMAT: 'json',
  LOG_LEVEL: 'error',
  RATE_LIMIT: 'off',
  SETTLEMENTS_URL: 'off',
  KAGGLE_API_ENDPOINT: 'http://127.0.0.1:9',
}

async function createKey(variables: Record<string, string>): Promise<string> {
  const command = [
    'src/main.ts',
    'keys',
    'create',
    '--name',
    'contract',
    '--role',
    'admin',
    '--json',
  ]
  const { code, stdout, stderr } = await runTool([process.execPath, ...command], { variables })
  if (code !== 0) throw new Error(`Cannot make a key: ${stderr}`)
  return JSON.parse(stdout.trim()).key
}

/** In `folder`, where it leaves what it found. */
function ask(url: string, { key, folder }: { key: string; folder: string }): Promise<number> {
  const all = [
    '--checks',
    'all',
    '--phases',
    'examples,coverage,fuzzing,stateful',
    '--max-examples',
    String(EXAMPLES),
    '--seed',
    String(SEED),
  ]
  // what is found is told again from its seed, not from files; PostgreSQL has no text with NUL, as 400s tell elsewhere
  const plain = [
    '--generation-database',
    'none',
    '--generation-allow-x00',
    'false',
    '--continue-on-failure',
  ]
  const child = spawn(
    SCHEMATHESIS,
    [
      '--config-file',
      join(ROOT, 'scripts/contract/schemathesis.toml'),
      'run',
      `${url}/docs/json`,
      '-H',
      `X-API-Key: ${key}`,
      ...all,
      ...plain,
      ...process.argv.slice(2),
    ],
    {
      cwd: folder,
      env: { ...process.env, SCHEMATHESIS_HOOKS: join(ROOT, 'scripts/contract/hooks.py') },
      stdio: 'inherit',
    },
  )
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

async function main(): Promise<number> {
  if (!existsSync(SCHEMATHESIS)) {
    console.log(
      'not run: contract: schemathesis is not there; scripts/contract/install-schemathesis.sh installs it',
    )
    return NOT_RUN
  }
  const began = performance.now()
  const given = process.env.DATABASE_URL ?? ''
  const own = given === '' ? await createTestDatabase() : undefined
  const folder = await mkdtemp(join(tmpdir(), 'super-zol-contract-'))
  const variables = { ...VARIABLES, DATABASE_URL: own?.url ?? given, DATA_DIR: folder }
  try {
    const server = await startServer(variables)
    const asked = await ask(server.url, { key: await createKey(variables), folder })
    const stopped = await server.stop()
    console.log(`contract: ${((performance.now() - began) / 1000).toFixed(0)} s`)
    return asked || stopped
  } finally {
    await own?.drop()
    await rm(folder, { recursive: true, force: true })
  }
}

process.exit(await main())
