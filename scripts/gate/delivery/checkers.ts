import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ROOT } from '../run-tool.ts'

/** What scripts/install-checkers.sh fills: `bin`, `crds`, `python`. */
export const CHECKERS = join(ROOT, '.data/checkers')
const INSTALL = 'scripts/install-checkers.sh installs it'

/** The path of a program: of the checkers, or of the system. */
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

/** Why a step cannot run without the program; undefined when it is there. */
export function withoutProgram(name: string, install = INSTALL): string | undefined {
  return findProgram(name) ? undefined : `${name} is not there; ${install}`
}

/** Likewise for a folder of the checkers. */
export function withoutFolder(path: string): string | undefined {
  return existsSync(join(CHECKERS, path))
    ? undefined
    : `${join(CHECKERS, path)} is not there; ${INSTALL}`
}
