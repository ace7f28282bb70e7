import { execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cluster, serverVariables } from './cluster.ts'

/** A running PostgreSQL server: the pid of its main process, and its port. */
export interface Postmaster {
  pid: number
  port: number
}

const LOG_BYTES = 10_000_000

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '256MB',
  work_mem: '32MB',
  maintenance_work_mem: '256MB',
  effective_cache_size: '2GB',
  random_page_cost: 1.1,
  // the server has no replicas, so bulk loads need less WAL
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // a power failure may lose the last half second of commits, but not consistency; a load can be
  // repeated
  synchronous_commit: 'off',
  // JIT compilation does not pay off for many short queries
  jit: 'off',
}

/** Settings for temporary data, which is lost when the machine crashes. */
const NOT_DURABLE = { fsync: 'off', full_page_writes: 'off' }

export function logFile({ folder }: Cluster): string {
  return `${folder}.log`
}

/**
 * Finds the live server of a cluster. A `postmaster.pid` from before a crash is removed, because
 * its pid may now belong to another process, for which PostgreSQL would wait. The file is kept when
 * the process may be a server of this folder.
 */
export function findPostmaster({ folder }: Cluster): Postmaster | undefined {
  const file = join(folder, 'postmaster.pid')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const [pid, , , port] = lines.map(Number)
  if (!pid) return undefined
  if (!mayBePostmaster(pid, folder)) {
    rmSync(file, { force: true })
    return undefined
  }
  return port ? { pid, port } : undefined
}

/**
 * Whether a process may be the server. Its program and folder must match when the system shows
 * them; otherwise any live process may be the server. Folders are compared by device and inode.
 */
function mayBePostmaster(pid: number, folder: string): boolean {
  if (!isAlive(pid)) return false
  const program = programOf(pid)
  if (program !== undefined && !/^postgres(\.exe)?$/.test(program)) return false
  return worksIn(pid, folder) ?? true
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: the process is alive and belongs to another user
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * Returns the program name of a process without its folder: '' for a zombie process, undefined when
 * the system does not show it.
 */
function programOf(pid: number): string | undefined {
  try {
    if (existsSync('/proc/self/stat')) {
      // the kernel's process name, because a server overwrites its command line
      const [, name, state] = /\((.*)\) (.)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
      return state === 'Z' ? '' : name
    }
    const options = { encoding: 'utf8', stdio: 'pipe' } as const
    return basename(execFileSync('ps', ['-o', 'ucomm=', '-p', String(pid)], options).trim())
  } catch {
    return undefined
  }
}

/**
 * Whether the folder is the current folder of a process, as for a server; undefined when the system
 * does not show it.
 */
function worksIn(pid: number, folder: string): boolean | undefined {
  try {
    const current = statSync(`/proc/${pid}/cwd`)
    const wanted = statSync(folder)
    return current.dev === wanted.dev && current.ino === wanted.ino
  } catch {
    return undefined
  }
}

/**
 * Starts a server that outlives this process. Returns when the server has written its pid file or
 * has exited, for example because another process was faster. The server may still refuse
 * connections for a while.
 */
export async function startPostmaster(
  cluster: Cluster,
  options: { durable: boolean },
): Promise<void> {
  const { folder, owner, postgres } = cluster
  const settings = { port: await freePort(), ...SETTINGS, ...(options.durable ? {} : NOT_DURABLE) }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const path = logFile(cluster)
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES)
    renameSync(path, `${path}.old`)
  const log = openSync(path, 'a', 0o600)
  const child = spawn(...outOfReach([postgres, '-D', folder, ...args]), {
    ...owner,
    env: serverVariables(),
    stdio: ['ignore', log, log],
    // a separate process group, which Ctrl-C in a terminal does not reach
    detached: true,
  })
  closeSync(log)
  child.unref()
  let ended = false
  child.on('error', () => {
    ended = true
  })
  child.on('exit', () => {
    ended = true
  })
  while (!ended && !findPostmaster(cluster)) await sleep(10)
}

/**
 * Runs the command behind a shell, because Bun's test runner kills the children of a test that
 * times out.
 */
function outOfReach(command: string[]): [string, string[]] {
  const [program = '', ...args] = command
  if (process.platform === 'win32') return [program, args]
  return ['sh', ['-c', '"$@" & wait', 'sh', ...command]]
}

/** Stops a server like `pg_ctl stop -m fast`, and waits for its end. */
export async function stopPostmaster(cluster: Cluster): Promise<void> {
  const server = findPostmaster(cluster)
  if (!server) return
  process.kill(server.pid, 'SIGINT')
  while (findPostmaster(cluster)?.pid === server.pid) await sleep(20)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port)
        else reject(new Error('Cannot find a free port'))
      })
    })
  })
}
