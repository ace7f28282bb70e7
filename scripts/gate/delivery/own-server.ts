import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { serverOwner } from '../../../src/db/postgres-user.ts'
import { findPostmaster, startPostmaster, stopPostmaster } from '../../../src/db/postmaster.ts'
import { runTool } from '../run-tool.ts'
import { findProgram } from './checkers.ts'

/** Debian's folder of servers, which is not on the PATH. */
const DEBIAN = '/usr/lib/postgresql'

/**
 * A folder with a server and client programs of the same version, as pg_dump rejects a newer
 * server.
 */
export function findPrograms(): string | undefined {
  // the scripts need GNU tools, as in the PostgreSQL image
  if (process.platform !== 'linux') return undefined
  const versions = existsSync(DEBIAN)
    ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))
    : []
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    dirname(findProgram('initdb') ?? ''),
  ]
  const all = ['initdb', 'postgres', 'pg_dump', 'pg_restore', 'psql']
  return folders.find(
    (folder) => folder !== '.' && all.every((name) => existsSync(join(folder, name))),
  )
}

/** Starts an empty server with these programs; `url` names its database `postgres`. */
export async function openOwnServer(
  programs: string,
): Promise<{ url: string; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'super-zol-server-'))
  const owner = serverOwner()
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid)
  const options = [
    '--username=postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ]
  execFileSync(join(programs, 'initdb'), [`--pgdata=${folder}`, ...options], {
    ...owner,
    cwd: folder,
    stdio: 'pipe',
  })
  const cluster = { folder, owner, password: '', postgres: join(programs, 'postgres') }
  await startPostmaster(cluster, { durable: false })
  const server = findPostmaster(cluster)
  if (server === undefined) throw new Error(`Cannot start the server in ${folder}`)
  const ask = [join(programs, 'pg_isready'), '--host=127.0.0.1', `--port=${server.port}`]
  while ((await runTool(ask)).code !== 0) await sleep(50)
  return {
    url: `postgres://postgres@127.0.0.1:${server.port}/postgres`,
    close: async () => {
      await stopPostmaster(cluster)
      rmSync(folder, { recursive: true })
      rmSync(`${folder}.log`, { force: true })
    },
  }
}
