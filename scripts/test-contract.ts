/**
 * npm run test:contract [-- ARGUMENTS of schemathesis]: compares a server with its OpenAPI
 * document:
 * all checks of schemathesis, at least 100 examples per operation, as an admin. It starts the
 * server over the sample dataset, or over the database of DATABASE_URL, which should be a copy: the
 * test writes to it. Without schemathesis it checks nothing and exits with 3.
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
/** The exit code when nothing was checked: neither passed (0) nor failed (1). */
const NOT_RUN = 3
/** Another seed (`-- --seed N`) gives other requests. */
const SEED = 1948

/**
 * Settings of the started processes: no requests leave the machine, and there are no rate limits.
 */
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

/** Runs schemathesis in `folder`, where it writes its findings. */
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
  // failures are reproduced by seed, not from files; other tests check that NUL in text returns 400
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
