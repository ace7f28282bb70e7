import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { writeSample } from '../sample/generate.ts'
import { docker, LABEL, published, RESTRICTED, removeAll, tryDocker } from './docker.ts'

/**
 * The image names that `npm run test:containers` sets: the image, its next version, its base and
 * its services.
 */
export const {
  IMAGE = '',
  NEXT_IMAGE = '',
  POSTGRES_IMAGE = '',
  REDIS_IMAGE = '',
  DISTROLESS_IMAGE = '',
} = process.env
export const DATABASE_URL = 'postgres://super_zol:in-a-test@postgres:5432/super_zol'
const SETTINGS = fileURLToPath(
  new URL('../../kustomize/components/postgres/postgresql.conf', import.meta.url).href,
)
const NETWORK = 'super-zol-test'

/** Docker options of every restricted container. */
export const CONTAINER_OPTIONS = [
  ...RESTRICTED,
  '--network',
  NETWORK,
  '--label',
  LABEL,
  '--env',
  `DATABASE_URL=${DATABASE_URL}`,
]
/** Docker options that connect a container to Redis. */
export const REDIS = ['--env', 'REDIS_URL=redis://:in-a-test@redis:6379/0']
/** The user and the limits of the cluster's pods (kustomize/base). */
const POD = ['--user=10001', '--memory=512m', '--memory-swap=512m', '--pids-limit=128', '--cpus=1']

/**
 * A network with PostgreSQL and Redis, and the sample in a temporary folder; `close` removes all of
 * them.
 */
export async function openStage() {
  await removeAll()
  const folder = await mkdtemp(join(tmpdir(), 'super-zol-containers-'))
  await docker('network', 'create', '--label', LABEL, NETWORK)
  await Promise.all([startPostgres(), startRedis(), writeSample(join(folder, 'sample'))])
  const close = async () => {
    await removeAll()
    await rm(folder, { recursive: true, force: true })
  }
  return { folder, sample: join(folder, 'sample'), close }
}

/** Runs a command of the image and waits for its end. */
export function runCommand(
  args: string[],
  { options = [], image = IMAGE }: { options?: string[]; image?: string } = {},
) {
  return tryDocker(['run', '--rm', ...CONTAINER_OPTIONS, ...POD, ...options, image, ...args])
}

/** Starts a server and returns its URL. */
export async function startServer(
  image: string,
  name: string,
  options: string[] = [],
): Promise<string> {
  const reached = ['--name', name, '--publish=127.0.0.1::3000', '--health-interval=1s']
  await docker('run', '--detach', ...CONTAINER_OPTIONS, ...POD, ...reached, ...options, image)
  return published(name, 3000)
}

/** Stops a container as a cluster does; `lastLine` is the last line of its log. */
export async function stopServer(name: string): Promise<{ code: number; lastLine: string }> {
  await docker('stop', '--time=20', name)
  const code = Number(await docker('inspect', '--format={{.State.ExitCode}}', name))
  return { code, lastLine: await docker('logs', '--tail=1', name) }
}

async function startPostgres(): Promise<void> {
  const mounts = [
    '--volume=super-zol-test:/var/lib/postgresql',
    '--volume',
    `${SETTINGS}:/etc/postgresql.conf:ro`,
  ]
  const scratch = [
    '--tmpfs=/tmp',
    '--tmpfs=/var/run/postgresql:uid=999',
    '--shm-size=128m',
    '--memory=1g',
    '--user=999',
  ]
  const variables = [
    'POSTGRES_USER=super_zol',
    'POSTGRES_DB=super_zol',
    'POSTGRES_PASSWORD=in-a-test',
  ]
  const options = [
    ...mounts,
    ...scratch,
    ...variables.flatMap((variable) => ['--env', variable]),
    '--name=postgres',
  ]
  await docker('volume', 'create', '--label', LABEL, 'super-zol-test')
  await docker(
    'run',
    '--detach',
    ...CONTAINER_OPTIONS,
    ...options,
    POSTGRES_IMAGE,
    '-c',
    'config_file=/etc/postgresql.conf',
  )
  await untilPostgresAnswers()
}

async function startRedis(): Promise<void> {
  const options = ['--name=redis', '--user=999', '--memory=160m']
  const command = [
    'redis-server',
    '--requirepass',
    'in-a-test',
    '--save',
    '',
    '--maxmemory',
    '96mb',
  ]
  await docker(
    'run',
    '--detach',
    ...RESTRICTED,
    '--network',
    NETWORK,
    '--label',
    LABEL,
    ...options,
    REDIS_IMAGE,
    ...command,
  )
}

/** Connects over TCP: during initdb PostgreSQL listens only on its socket. */
export async function untilPostgresAnswers(): Promise<void> {
  const giveUp = Date.now() + 60_000
  while ((await psql('select 1')).code !== 0) {
    if (Date.now() > giveUp)
      throw new Error(`Cannot reach PostgreSQL: ${await docker('logs', '--tail=5', 'postgres')}`)
    await Bun.sleep(200)
  }
}

/** Runs SQL with psql in the database's container. */
export function psql(sql: string) {
  const ask = [
    'psql',
    '--no-psqlrc',
    '--quiet',
    '--tuples-only',
    '--no-align',
    '--command',
    sql,
    DATABASE_URL,
  ]
  return tryDocker(['exec', 'postgres', ...ask])
}

/** The output of a SQL query. */
export async function answerOf(sql: string): Promise<string> {
  const { code, stdout, stderr } = await psql(sql)
  if (code !== 0) throw new Error(`Cannot ask the database: ${stderr.trim()}`)
  return stdout.trim()
}
