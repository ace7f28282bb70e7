import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url).href)

export interface ToolResult {
  /** Exit code; null when the tool did not run or was killed. */
  code: number | null
  stdout: string
  stderr: string
}

/** Runs a program and returns its output. */
export function runTool(
  command: string[],
  { cwd = ROOT, variables = {} }: { cwd?: string; variables?: Record<string, string> } = {},
): Promise<ToolResult> {
  const [program = '', ...args] = command
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: '1', ...variables }
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
