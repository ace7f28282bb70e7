import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT, runTool } from '../gate/run-tool.ts'

/** A name that is valid for a module, its routes and its pods: one word. */
const NAME = /^[a-z][a-z0-9]{1,29}$/

/** @throws Error when the name is invalid or taken */
export function checkName(name: string | undefined): string {
  if (name === undefined || !NAME.test(name))
    throw new Error('Cannot make it: its name must be one word of lower case letters and digits')
  const taken = [`modules/${name}`, `src/commands/${name}.ts`, `kustomize/components/${name}`].find(
    (path) => existsSync(join(ROOT, path)),
  )
  if (taken) throw new Error(`Cannot make ${name}: there is ${taken} already`)
  return name
}

export function readFile(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Writes new files and prints their paths. */
export function writeFiles(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true })
    writeFileSync(join(ROOT, path), text, { flag: 'wx' })
    console.log(`wrote    ${path}`)
  }
}

/**
 * Inserts text before the first match of the pattern in a file.
 * @throws Error when nothing matches: the file changed, and this script must follow
 */
export function insertBefore(path: string, pattern: RegExp, text: string): void {
  const before = readFile(path)
  const at = before.search(pattern)
  if (at < 0) throw new Error(`Cannot change ${path}: it has no ${pattern}`)
  writeFileSync(join(ROOT, path), before.slice(0, at) + text + before.slice(at))
  console.log(`changed  ${path}`)
}

/** Adds a path to the sorted list of all routes in a test. */
export function insertPath(file: string, path: string): void {
  const later = [...readFile(file).matchAll(/^ {4}'(\/v1\/[^']*)',$/gm)]
    .map(([, existing = '']) => existing)
    .find((existing) => existing > path)
  insertBefore(
    file,
    new RegExp(`^ {4}'${later?.replace(/[{}]/g, '\\$&')}',$`, 'm'),
    `    '${path}',\n`,
  )
}

/** Formats the new sources. */
export async function formatSources(name: string): Promise<void> {
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome')
  const sources = ['src', `modules/${name}`]
  const { code, stdout, stderr } = await runTool([
    process.execPath,
    biome,
    'check',
    '--write',
    ...sources,
  ])
  if (code !== 0) throw new Error(`Cannot format the sources: ${stdout}${stderr}`)
}
