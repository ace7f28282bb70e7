import { cpSync, readFileSync, symlinkSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { CHECKERS } from '../gate/delivery/checkers.ts'
import { ROOT, runTool, type ToolResult } from '../gate/run-tool.ts'
import { BIN } from './cluster/processes.ts'

/**
 * The shell commands under a heading of a document of the repository, in their order.
 * @throws Error when there are none
 */
export function commandsUnder(document: string, heading: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8')
  const section = text.split(/^(?=#{1,3} )/m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  const blocks = [...section.matchAll(/^( *)```sh\n([\s\S]*?)^ *```/gm)]
  const commands = blocks.flatMap(([, indent = '', block = '']) => splitCommands(block, indent))
  if (commands.length === 0)
    throw new Error(`Cannot find commands under "${heading}" of ${document}`)
  return commands
}

/** One command a line, except where a line goes on (`\`, `|`, an open quote). */
function splitCommands(block: string, indent: string): string[] {
  const commands: string[] = []
  let open = ''
  for (const line of block.split('\n').map((text) => text.slice(indent.length))) {
    open = open === '' ? line : `${open}\n${line}`
    const code = open.replace(/\s+# .*$/gm, '')
    const unfinished = /(\\|\||&&)\s*$/.test(code) || (code.match(/["']/g) ?? []).length % 2 === 1
    if (unfinished) continue
    if (code.trim() !== '') commands.push(open)
    open = ''
  }
  return commands
}

/** A copy of what the documents' commands read and change, to run them in. */
export async function copyRepository(): Promise<string> {
  const folder = await mkdtemp(join(process.env.WORK ?? tmpdir(), 'repository-'))
  cpSync(join(ROOT, 'kustomize'), join(folder, 'kustomize'), { recursive: true })
  for (const name of ['scripts', 'versions.yaml', 'package.json']) {
    symlinkSync(join(ROOT, name), join(folder, name))
  }
  return folder
}

/** Runs a command of a document as a reader would: the cluster's own kubectl first on the PATH. */
export function runCommand(command: string, cwd = ROOT): Promise<ToolResult> {
  const folders = [...(BIN === '' ? [] : [BIN]), join(CHECKERS, 'bin'), process.env.PATH]
  return runTool(['bash', '-uo', 'pipefail', '-c', command], {
    cwd,
    variables: { PATH: folders.join(':') },
  })
}
