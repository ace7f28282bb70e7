import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ROOT } from '../run-tool.ts'

/** The folder that scripts/install-checkers.sh fills: `bin`, `crds`, `python`. */
export const CHECKERS = join(ROOT, '.data/checkers')
const INSTALL = 'scripts/install-checkers.sh installs it'

/** The path of a program, among the checkers or on the PATH. */
export function findProgram(name: string): string | undefined {
  const folders = [join(CHECKERS, 'bin'), ...(process.env.PATH ?? '').split(delimiter)]
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Why a step cannot run, if the program is missing; undefined if it is installed. */
export function withoutProgram(name: string, install = INSTALL): string | undefined {
  return findProgram(name) ? undefined : `${name} is not there; ${install}`
}

/** Why a step cannot run, if a folder of the checkers is missing; undefined if it is there. */
export function withoutFolder(path: string): string | undefined {
  return existsSync(join(CHECKERS, path))
    ? undefined
    : `${join(CHECKERS, path)} is not there; ${INSTALL}`
}
