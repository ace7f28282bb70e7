import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(import.meta.resolve('../../src/main.ts'))
const LOOK_EVERY_MS = 20

/** `rows` are those of price and store files; `megabytes` is the most memory the process ever held (0: unknown). */
export type IngestResult = { seconds: number; rows: number; megabytes: number }

type Summary = { status: string; errors: string[]; versions: { rows: Record<string, number>; rows_known: number }[] }

/**
 * Runs `ingest` as a user would, in a process of its own, and measures it from start to exit.
 * @throws Error with what it printed when it does not end well
 */
export async function measureIngest(url: string, args: readonly string[]): Promise<IngestResult> {
  const started = performance.now()
  const child = spawn(process.execPath, [MAIN, 'ingest', ...args, '--json'], {
    env: { ...process.env, DATABASE_URL: url, SAMPLE_DATA: 'off', SETTLEMENTS_URL: 'off' },
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
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  }).finally(() => clearInterval(look))
  const seconds = (performance.now() - started) / 1000
  if (code !== 0) throw new Error(`Cannot measure: ingest ${args.join(' ')} ended with ${code}\n${errors.join('')}`)
  return { seconds, megabytes, rows: countRows(output.join('')) }
}

/** The kernel's own high-water mark of the process; Linux alone tells it. */
async function peakMegabytes(pid = 0): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024
}

function countRows(output: string): number {
  const summary = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Summary
  return summary.versions.reduce(
    (sum, { rows, rows_known }) => sum + rows_known + Object.values(rows).reduce((all, count) => all + count, 0),
    0,
  )
}
