import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url).href)

export type Ended = { code: number | null; signal: string | null; stdout: string; stderr: string }

/**
 * `npm run ingest -- …` as a separate process. `onLine` gets every line of progress; `variables`
 * are settings.
 */
export function startIngest(
  url: string,
  args: string[],
  onLine: (line: string, child: ChildProcess) => void = () => {},
  variables: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const env = {
    ...process.env,
    DATABASE_URL: url,
    DATASET_ID: 'super-zol/test',
    SAMPLE_DATA: 'off',
    LOG_FORMAT: 'json',
    ...variables,
  }
  const child = spawn(process.execPath, [MAIN, 'ingest', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const line of text.split('\n')) if (line !== '') onLine(line, child)
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return { child, ended }
}

export function runIngest(
  url: string,
  args: string[],
  variables: Record<string, string> = {},
): Promise<Ended> {
  return startIngest(url, args, () => {}, variables).ended
}
