import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/testing/s3-server.ts'

/** A server in a separate process. */
export type ServerProcess = {
  url: string
  /** Resident memory now and at most; on Linux only. */
  megabytes(): Promise<{ now: number; most: number }>
  stop(): Promise<void>
}

/** The API as shipped, with the given settings. */
export function startApi(variables: Record<string, string>): Promise<ServerProcess> {
  return start('../../src/main.ts', variables)
}

/** Bare Elysia: `bare-server.ts`. */
export function startBare(variables: Record<string, string>): Promise<ServerProcess> {
  return start('./bare-server.ts', variables)
}

async function start(program: string, variables: Record<string, string>): Promise<ServerProcess> {
  const port = await freePort()
  const settings = {
    PORT: String(port),
    HOST: '127.0.0.1',
    LOG_FORMAT: 'json',
    SAMPLE_DATA: 'off',
    ...variables,
  }
  const child = spawn(process.execPath, [fileURLToPath(import.meta.resolve(program))], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  for (let tries = 0; ; tries++) {
    const isReady = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) break
    if (tries === 300 || child.exitCode !== null) {
      if (child.exitCode === null) await stop()
      throw new Error(`Cannot measure: ${program} is not ready`)
    }
    await sleep(100)
  }
  const megabytes = async () => {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '')
    const of = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) / 1024
    return { now: of('VmRSS'), most: of('VmHWM') }
  }
  return { url, megabytes, stop }
}
