import { type ChildProcess, spawn } from 'node:child_process'
import process from 'node:process'
import { type RunOrder, RunRefused, type StartRun } from '../../modules/ingestion/index.ts'
import type { Logger } from '../log.ts'

/** A run that is not on record by then will not be. */
const PATIENCE_MS = 60_000
const LONGEST_ERROR = 2000

/** Tells the process that started this one, if one did so to be told, which run it has become. */
export function announceRun(id: number): void {
  process.send?.({ run: id })
}

export type RunStarter = {
  startRun: StartRun
  /** Runs under way end in order, and go on from there when they are started again. */
  stop: () => Promise<void>
}

/**
 * Starts runs as processes of this program (or of `program`, with the environment `env`), so that loading neither holds
 * up the API nor takes it along when it dies.
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
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-LONGEST_ERROR)
    })
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const late = setTimeout(() => {
      child.kill()
      reject(new RunRefused('not possible', 'Cannot start the run: it did not begin in time'))
    }, PATIENCE_MS)
    let id: number | undefined
    child.on('message', (told) => {
      if (typeof told !== 'object' || told === null || !('run' in told)) return
      clearTimeout(late)
      id = Number(told.run)
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
        if (id === undefined) reject(refusal(code, said))
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

/** What the run said of itself; what did not say "Cannot …" is no message for a caller. */
function refusal(code: number | null, said: string): RunRefused {
  const message =
    /^Cannot .*/m.exec(said)?.[0].replace(/; npm run .*/, '') ??
    'Cannot start the run: its log says why'
  return new RunRefused(code === 3 ? 'locked' : 'not possible', message)
}
