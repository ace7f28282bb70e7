import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRequests, type S3Settings } from '../storage/s3-requests.ts'

const FOLDERS = [
  ...(process.env.PATH ?? '').split(delimiter),
  process.env.GOBIN ?? '',
  join(homedir(), 'go', 'bin'),
]
const PROGRAM = FOLDERS.map((folder) => join(folder, 'versitygw')).find((path) => existsSync(path))
const INSTALL =
  'go install "github.com/versity/versitygw/cmd/versitygw@$(scripts/version.sh versitygw)" installs it'

/** Why no S3 server is available for tests; in CI the tests fail. */
export const NO_SERVER =
  PROGRAM === undefined && process.env.CI !== 'true' ? `versitygw is not there; ${INSTALL}` : null

/**
 * An S3-compatible server (Versity S3 Gateway) over a folder of its own, which checks every
 * signature.
 */
export type S3Server = {
  settings: S3Settings
  /** Its buckets. */
  folder: string
  /** Creates a bucket and returns settings for it. */
  bucket(name: string): Promise<S3Settings>
  /** `SIGKILL`; `start` restarts it with its files at the same address. */
  kill(): Promise<void>
  start(): Promise<void>
  /** Stops it and removes its files. */
  close(): Promise<void>
}

export async function openS3Server(): Promise<S3Server> {
  if (PROGRAM === undefined)
    throw new Error(`Cannot test the S3 storage: versitygw is not there; ${INSTALL}`)
  const folder = await mkdtemp(join(tmpdir(), 'super-zol-s3-'))
  const [files, facts] = [join(folder, 'files'), join(folder, 'facts')]
  for (const path of [files, facts]) await mkdir(path)
  const port = await freePort()
  const settings: S3Settings = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'il-central-1',
    bucket: 'first',
    prefix: '',
    accessKeyId: 'tester',
    secretAccessKey: 'Secret/of+the=tests',
  }
  const env = {
    ...process.env,
    ROOT_ACCESS_KEY_ID: settings.accessKeyId,
    ROOT_SECRET_ACCESS_KEY: settings.secretAccessKey,
  }
  const args = [
    '--port',
    `127.0.0.1:${port}`,
    '--region',
    settings.region,
    '--quiet',
    'posix',
    '--sidecar',
    facts,
    files,
  ]
  let child: ChildProcess | undefined

  const server: S3Server = {
    settings,
    folder: files,
    async bucket(name) {
      const its = { ...settings, bucket: name }
      await openRequests(its, { tries: 1, firstWaitMs: 0, answerMs: 5000 })({ method: 'PUT' })
      return its
    },
    async start() {
      child = spawn(PROGRAM, args, { env, stdio: 'ignore' })
      await listening(settings.endpoint)
    },
    async kill() {
      const ended = new Promise((resolve) => child?.once('exit', resolve))
      child?.kill('SIGKILL')
      await ended
    },
    async close() {
      if (child?.exitCode === null && child.signalCode === null) await server.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await server.start()
  await server.bucket(settings.bucket)
  return server
}

/** A free port. */
export function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

async function listening(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (
      await fetch(url).then(
        (answer) => answer.arrayBuffer(),
        () => null,
      )
    )
      return
    await sleep(25)
  }
  throw new Error(`Cannot reach the S3 server at ${url}`)
}
