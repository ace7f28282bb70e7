import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { runTool, type ToolResult } from '../../gate/run-tool.ts'
import { BIN } from './processes.ts'

export const KUBECTL = BIN === '' ? 'kubectl' : join(BIN, 'kubectl')

/** Runs kubectl and returns its result, whatever the exit code. */
export function tryKubectl(...args: string[]): Promise<ToolResult> {
  return runTool([KUBECTL, ...args])
}

/**
 * Runs kubectl.
 * @returns what it printed
 * @throws Error with its message when it fails
 */
export async function kubectl(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await tryKubectl(...args)
  if (code === 0) return stdout.trim()
  throw new Error(`Cannot kubectl ${args.slice(0, 4).join(' ')}: ${stderr.trim() || stdout.trim()}`)
}

/** Applies a manifest from text; `options` come before the file. */
export async function applyText(text: string, ...options: string[]): Promise<ToolResult> {
  const child = spawn(KUBECTL, ['apply', ...options, '-f', '-'])
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk
  })
  child.stdin.end(text)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, stdout, stderr }
}
