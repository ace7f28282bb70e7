import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

/** The folder of the sandbox, which holds all files that the cluster writes. */
export const WORK = process.env.WORK ?? ''
/** The folder of the Kubernetes programs. */
export const BIN = process.env.E2E_BIN ?? ''

const started = new Map<string, ChildProcess>()

/** Starts a program of the cluster with its own log file. */
export function startProcess(name: string, command: string[]): ChildProcess {
  mkdirSync(join(WORK, 'logs'), { recursive: true })
  const log = openSync(join(WORK, 'logs', `${name}.log`), 'w')
  const [program = '', ...args] = command
  const child = spawn(program, args, { stdio: ['ignore', log, log] })
  child.on('error', () => {})
  started.set(name, child)
  return child
}

/** Stops the programs that `startProcess` started, the newest first. */
export async function stopProcesses(): Promise<void> {
  for (const [name, child] of [...started].reverse()) {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    }
    started.delete(name)
  }
}

/**
 * Repeats `attempt` until it returns a value.
 * @param ms time limit; the wait also ends with an error if a program of the cluster ends
 */
export async function waitFor<T>(
  what: string,
  attempt: () => Promise<T | undefined>,
  ms = 60_000,
): Promise<T> {
  const deadline = Date.now() + ms
  let reason: unknown = 'no result'
  while (Date.now() < deadline) {
    try {
      const result = await attempt()
      if (result !== undefined) return result
    } catch (error) {
      reason = error
    }
    requireRunning()
    await Bun.sleep(200)
  }
  throw new Error(`Cannot wait longer than ${ms / 1000} s for ${what}: ${String(reason)}`)
}

/** The names of the programs that were started. */
export function processNames(): string[] {
  return [...started.keys()]
}

/** @throws Error when a program of the cluster has ended */
export function requireRunning(): void {
  for (const [name, { exitCode }] of started) {
    if (exitCode !== null) throw new Error(`${name} ended: ${lastLines(name)}`)
  }
}

/** The log of a program. */
export function logOf(name: string): string {
  return readFileSync(join(WORK, 'logs', `${name}.log`), 'utf8')
}

/** The last lines of a program's log. */
export function lastLines(name: string): string {
  return logOf(name).trimEnd().split('\n').slice(-8).join('\n')
}
