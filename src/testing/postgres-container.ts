import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { connect } from '../db/connect.ts'

const IMAGES = fileURLToPath(new URL('../../scripts/images.sh', import.meta.url).href)
const PASSWORD = 'in-a-test'
const PATIENCE_MS = 60_000
/** Runs as long as its standard input is open: a killed run leaves no container behind. */
const SERVER = `docker-entrypoint.sh postgres -c fsync=off -c full_page_writes=off -c max_connections=200 &
  cat > /dev/null; kill -INT $!; wait $!`

const run = promisify(execFile)

/**
 * Starts PostgreSQL in a container, with its data in memory. It ends with `close` or with this
 * process, however that ends.
 * @throws Error with Docker's message
 */
export async function openContainer(): Promise<{ url: string; close: () => Promise<void> }> {
  const docker = process.env.DOCKER || 'docker'
  const image = (await run('bash', [IMAGES, 'postgres'])).stdout
    .trim()
    .replace('POSTGRES_IMAGE=', '')
  const name = `super-zol-test-${randomBytes(6).toString('hex')}`
  const place = ['--publish=127.0.0.1::5432', '--tmpfs=/var/lib/postgresql', '--shm-size=256m']
  const args = [
    'run',
    '--rm',
    '--interactive',
    '--init',
    '--name',
    name,
    ...place,
    `--env=POSTGRES_PASSWORD=${PASSWORD}`,
  ]
  const child = spawn(docker, [...args, image, 'sh', '-c', SERVER], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text) => {
    said = `${said}${text}`.slice(-2000)
  })
  const ended = once(child, 'exit')
  const url = await untilItAnswers(child, async () => {
    const { stdout } = await run(docker, ['port', name, '5432'])
    return `postgres://postgres:${PASSWORD}@${stdout.split('\n')[0]?.trim()}/postgres`
  }).catch((cause: unknown) => {
    child.stdin.end()
    throw new Error(`Cannot start PostgreSQL in a container: ${said.trim() || cause}`, { cause })
  })
  // whoever forgets it does not wait for it
  child.unref()
  return {
    url,
    close: async () => {
      child.stdin.end()
      await ended
    },
  }
}

async function untilItAnswers(
  child: ChildProcess,
  address: () => Promise<string>,
): Promise<string> {
  const giveUp = Date.now() + PATIENCE_MS
  let last: unknown
  while (child.exitCode === null && Date.now() < giveUp) {
    try {
      const url = await address()
      const sql = connect(url, { max: 1 })
      await sql`select 1`.finally(() => sql.end({ timeout: 1 }))
      return url
    } catch (error) {
      last = error
      await sleep(100)
    }
  }
  throw last
}
