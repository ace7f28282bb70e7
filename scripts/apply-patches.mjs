/**
 * node scripts/apply-patches.mjs
 *
 * Applies scripts/patches/NAME@VERSION.patch to node_modules/NAME. A patch that is applied already
 * is left alone; one that does not fit fails. Runs after every installation: it is the package's
 * `postinstall`, and a step of scripts/setup.mjs and of the Dockerfile, which run no such scripts.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), 'patches')
const modules = join(dirname(dirname(folder)), 'node_modules')

/** Changes with any patch. */
export function readPatches() {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.patch'))
    .sort()
    .map((file) => {
      const [name, version] = file.replace(/\.patch$/, '').split('@')
      return { name, version, text: readFileSync(join(folder, file), 'utf8') }
    })
}

/** Applies the patches of the installed packages. @throws Error that names what does not fit */
export function applyPatches() {
  for (const { name, version, text } of readPatches()) {
    const target = join(modules, name)
    if (!existsSync(target)) continue
    const installed = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')).version
    if (installed !== version) {
      throw new Error(`Cannot patch ${name} ${installed}: the patch is for ${version}`)
    }
    for (const { path, hunks } of parsePatch(text)) patchFile(join(target, path), hunks)
  }
}

/** The hunks of a unified diff by file: the lines before and after, and the line they begin at. */
function parsePatch(text) {
  const files = []
  for (const line of text.split('\n')) {
    const hunks = files.at(-1)?.hunks
    if (line.startsWith('+++ b/')) files.push({ path: line.slice('+++ b/'.length), hunks: [] })
    else if (line.startsWith('@@')) {
      const [, before, after] = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line) ?? []
      hunks.push({ before: { at: before - 1, lines: [] }, after: { at: after - 1, lines: [] } })
    } else if (hunks?.length > 0 && /^[ +-]/.test(line) && !line.startsWith('--- a/')) {
      const hunk = hunks.at(-1)
      if (!line.startsWith('+')) hunk.before.lines.push(line.slice(1))
      if (!line.startsWith('-')) hunk.after.lines.push(line.slice(1))
    }
  }
  return files
}

function patchFile(path, hunks) {
  const lines = readFileSync(path, 'utf8').split('\n')
  const fits = ({ at, lines: wanted }) => wanted.every((line, i) => lines[at + i] === line)
  if (hunks.every(({ after }) => fits(after))) return
  if (!hunks.every(({ before }) => fits(before))) {
    throw new Error(`Cannot patch ${path}: it is not what the package ships; install it again`)
  }
  for (const { before, after } of hunks.toReversed()) {
    lines.splice(before.at, before.lines.length, ...after.lines)
  }
  // never in place: the file may be linked to another installation's
  const temporary = `${path}.${process.pid}`
  writeFileSync(temporary, lines.join('\n'))
  renameSync(temporary, path)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) applyPatches()
