import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { ROOT } from './gate/run-tool.ts'

const PATIENCE_MS = 120_000

export type RunningServer = {
  url: string
  /** Sends SIGTERM; resolves to the exit code. */
  stop: () => Promise<number>
}

/**
 * Starts the server with these settings on a free port; resolves when it is healthy. Its log goes
 * to `stdio`.
 */
export async function startServer(
  variables: Record<string, string>,
  stdio: 'inherit' | 'ignore' = 'inherit',
): Promise<RunningServer> {
  const port = await findFreePort()
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: ROOT,
    env: { ...process.env, ...variables, PORT: String(port) },
    stdio: ['ignore', stdio, stdio],
  })
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)))
  const url = `http://127.0.0.1:${port}`
  const isUp = () =>
    fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    )
  for (const late = Date.now() + PATIENCE_MS; !(await isUp()); await sleep(100)) {
    if (Date.now() < late && child.exitCode === null) continue
    child.kill()
    throw new Error('Cannot start the server: its log says why')
  }
  return {
    url,
    stop: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('Cannot find a free port')
  return address.port
}
