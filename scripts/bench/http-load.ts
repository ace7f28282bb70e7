import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * The result of wrk. `errors` are failed connections, reads, writes, timeouts, and statuses other
 * than 2xx and 3xx.
 */
export type Load = {
  perSecond: number
  p50Ms: number
  p95Ms: number
  p99Ms: number
  errors: number
}

/**
 * Asks the paths in turn, each thread from another one on, and tells what came of it as a line of
 * JSON.
 */
const script = (paths: readonly string[]) => `
local paths = { ${paths.map((path) => JSON.stringify(path)).join(', ')} }
local threads = 0
function setup(thread) thread:set('at', threads * 7919) threads = threads + 1 end
function request() at = at + 1 return wrk.format('GET', paths[at % #paths + 1]) end
function done(summary, latency)
  local e = summary.errors
  local errors = e.connect + e.read + e.write + e.timeout + e.status
  io.write(string.format('{"perSecond": %f, "p50Ms": %f, "p95Ms": %f, "p99Ms": %f, "errors": %d}\\n',
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    latency:percentile(99) / 1000, errors))
end`

/** @throws Error where wrk is not there */
export async function load(
  url: string,
  paths: readonly string[],
  { connections = 32, seconds }: { connections?: number; seconds: number },
): Promise<Load> {
  const folder = await mkdtemp(join(tmpdir(), 'super-zol-wrk-'))
  try {
    const file = join(folder, 'ask.lua')
    await writeFile(file, script(paths))
    const args = ['-t2', `-c${connections}`, `-d${seconds}s`, '--timeout', '5s', '-s', file, url]
    const { stdout } = await run('wrk', args).catch((cause: Error) => {
      throw new Error('Cannot measure: wrk did not run; apt-get install wrk installs it', { cause })
    })
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  } finally {
    await rm(folder, { recursive: true })
  }
}
