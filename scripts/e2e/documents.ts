import { cpSync, readFileSync, symlinkSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { CHECKERS } from '../gate/delivery/checkers.ts'
import { ROOT, runTool, type ToolResult } from '../gate/run-tool.ts'
import { BIN } from './cluster/processes.ts'

/**
 * The shell commands under a heading of a document, in order.
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

/** Splits commands by line; a line that ends with `\` or `|` or in an open quote continues. */
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

/** Copies the files that the documents' commands read and change, to run the commands there. */
export async function copyRepository(): Promise<string> {
  const folder = await mkdtemp(join(process.env.WORK ?? tmpdir(), 'repository-'))
  cpSync(join(ROOT, 'kustomize'), join(folder, 'kustomize'), { recursive: true })
  for (const name of ['scripts', 'versions.yaml', 'package.json']) {
    symlinkSync(join(ROOT, name), join(folder, name))
  }
  return folder
}

/** Runs a command of a document as a reader would, with the cluster's kubectl first on the PATH. */
export function runCommand(command: string, cwd = ROOT): Promise<ToolResult> {
  const folders = [...(BIN === '' ? [] : [BIN]), join(CHECKERS, 'bin'), process.env.PATH]
  return runTool(['bash', '-uo', 'pipefail', '-c', command], {
    cwd,
    variables: { PATH: folders.join(':') },
  })
}
