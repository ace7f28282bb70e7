import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './s3-server.ts'

const PROGRAM = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'redis-server'))
  .find((path) => existsSync(path))
const INSTALL = 'apt-get install redis-server installs it'

/** Why no Redis is available for tests; in CI the tests fail. */
export const NO_REDIS =
  PROGRAM === undefined && process.env.CI !== 'true'
    ? `redis-server is not there; ${INSTALL}`
    : null

/** A Redis process that keeps nothing on disk. */
export type RedisServer = {
  url: string
  /** Pauses (`SIGSTOP`) and resumes: its sockets stay open without answers. */
  freeze(): void
  thaw(): void
  /** `SIGKILL`; `start` restarts it empty at the same address. */
  kill(): Promise<void>
  start(): Promise<void>
}

export async function openRedisServer({ password = '' } = {}): Promise<RedisServer> {
  if (PROGRAM === undefined)
    throw new Error(`Cannot test with Redis: redis-server is not there; ${INSTALL}`)
  const port = await freePort()
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--daemonize',
    'no',
  ]
  if (password !== '') args.push('--requirepass', password)
  let child: ChildProcess | undefined
  const server: RedisServer = {
    url: `redis://${password === '' ? '' : `:${password}@`}127.0.0.1:${port}`,
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    async start() {
      child = spawn(PROGRAM, args, { stdio: 'ignore' })
      for (let tries = 0; !(await isListening(port)); tries++) {
        if (tries === 200) throw new Error(`Cannot reach redis-server at port ${port}`)
        await sleep(10)
      }
    },
    async kill() {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child?.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
  await server.start()
  return server
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
