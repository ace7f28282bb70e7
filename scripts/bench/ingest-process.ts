import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(import.meta.resolve('../../src/main.ts'))
const LOOK_EVERY_MS = 20

/** `rows` of all files; `megabytes` is the process's peak memory (0: unknown). */
export type IngestResult = { seconds: number; rows: number; megabytes: number }

type Summary = {
  status: string
  errors: string[]
  versions: { rows: Record<string, number>; rows_known: number }[]
}

/**
 * How a process ended: its exit code, null when it was killed, what it said, and the most memory
 * that it held.
 */
export type Ended = {
  code: number | null
  seconds: number
  megabytes: number
  output: string
  said: string
}

/** Starts `ingest` as a user would, in a separate process, and measures it from start to exit. */
export function startIngest(
  args: readonly string[],
  variables: Record<string, string>,
): { child: ChildProcess; ended: Promise<Ended> } {
  const started = performance.now()
  const child = spawn(process.execPath, [MAIN, 'ingest', ...args], {
    env: { ...process.env, SAMPLE_DATA: 'off', SETTLEMENTS_URL: 'off', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  const errors: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  let megabytes = 0
  const look = setInterval(async () => {
    megabytes = Math.max(megabytes, await peakMegabytes(child.pid))
  }, LOOK_EVERY_MS)
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      const seconds = (performance.now() - started) / 1000
      resolve({ code, seconds, megabytes, output: output.join(''), said: errors.join('') })
    })
  }).finally(() => clearInterval(look))
  return { child, ended }
}

/**
 * Runs `ingest` to its end.
 * @throws Error with what it printed when it does not end well
 */
export async function measureIngest(url: string, args: readonly string[]): Promise<IngestResult> {
  const { ended } = startIngest([...args, '--json'], { DATABASE_URL: url })
  const { code, seconds, megabytes, output, said } = await ended
  if (code !== 0)
    throw new Error(`Cannot measure: ingest ${args.join(' ')} ended with ${code}\n${said}`)
  return { seconds, megabytes, rows: countRows(output) }
}

/** The kernel's high-water mark of the process; on Linux only. */
async function peakMegabytes(pid = 0): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024
}

function countRows(output: string): number {
  const summary = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Summary
  return summary.versions.reduce(
    (sum, { rows, rows_known }) =>
      sum + rows_known + Object.values(rows).reduce((all, count) => all + count, 0),
    0,
  )
}
