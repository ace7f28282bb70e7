import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'
import { type RunOrder, RunRefused, type StartRun } from '../../modules/ingestion/index.ts'
import type { Logger } from '../log.ts'

/** The maximum time until a started run is recorded. */
const PATIENCE_MS = 60_000
const MAX_ERROR_CHARACTERS = 2000

/** Sends the id of the run to the parent process, when that has an IPC channel. */
export function announceRun(id: number): void {
  process.send?.({ run: id })
}

export type RunStarter = {
  startRun: StartRun
  /** Stops active runs cleanly. A repeated run continues from there. */
  stop: () => Promise<void>
}

/**
 * Starts runs as separate processes of this program (or of `program`, with the environment `env`),
 * so that a run neither slows nor crashes the API.
 */
export function createRunStarter(
  log: Logger,
  {
    program = process.argv[1] ?? '',
    env = process.env,
  }: { program?: string; env?: NodeJS.ProcessEnv } = {},
): RunStarter {
  const running = new Map<ChildProcess, Promise<void>>()

  const startRun: StartRun = (order) => {
    const child = spawn(process.execPath, [program, 'ingest', ...argumentsOf(order)], {
      env,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let stderr = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MAX_ERROR_CHARACTERS)
    })
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const late = setTimeout(() => {
      child.kill()
      reject(new RunRefused('not possible', 'Cannot start the run: it did not begin in time'))
    }, PATIENCE_MS)
    let id: number | undefined
    child.on('message', (message) => {
      if (typeof message !== 'object' || message === null || !('run' in message)) return
      clearTimeout(late)
      id = Number(message.run)
      resolve(id)
    })
    const ended = new Promise<void>((done) => {
      child.once('error', (error) => {
        reject(error)
        done()
      })
      child.once('close', (code) => {
        clearTimeout(late)
        running.delete(child)
        if (id === undefined) reject(refusal(code, stderr))
        else log.info({ run: id, code }, 'a run that was ordered has ended')
        done()
      })
    })
    running.set(child, ended)
    return promise
  }

  return {
    startRun,
    stop: async () => {
      for (const child of running.keys()) child.kill('SIGTERM')
      await Promise.all(running.values())
    },
  }
}

function argumentsOf({ dataset, version, since, all, force }: RunOrder): string[] {
  return [
    `--dataset=${dataset}`,
    ...(version === undefined ? [] : [`--version=${version}`]),
    ...(since === undefined ? [] : [`--since=${since}`]),
    ...(all === true ? ['--all'] : []),
    ...(force === true ? ['--force'] : []),
  ]
}

/** Returns the "Cannot …" line of the output as the error. Other output is not shown to callers. */
function refusal(code: number | null, stderr: string): RunRefused {
  const message =
    /^Cannot .*/m.exec(stderr)?.[0].replace(/; npm run .*/, '') ??
    'Cannot start the run: its log says why'
  return new RunRefused(code === 3 ? 'locked' : 'not possible', message)
}
