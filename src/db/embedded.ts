import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import postgres from 'postgres'
import { type Cluster, openCluster } from './cluster.ts'
import type { Sql } from './connect.ts'
import {
  findPostmaster,
  logFile,
  type Postmaster,
  startPostmaster,
  stopPostmaster,
} from './postmaster.ts'

export interface Embedded {
  /** The URL of the maintenance database of the cluster, as its superuser. */
  url: string
  /** Leaves the server. The last process that leaves stops it. */
  close: () => Promise<void>
}

/**
 * Every process that uses the server holds this lock shared, in the database `postgres`, on a
 * separate connection. A leaving process that gets it exclusively is the last one. New processes
 * then wait until the server has stopped.
 */
const IN_USE = 7_246_001
const PRESENCE = 'super-zol presence'
const STARTS = 4
const PATIENCE_MS = 10 * 60_000

/** Error codes of a server that is starting, stopping or stopped. */
const COMES_OR_GOES =
  /^(57P0[123]|ECONNREFUSED|ECONNRESET|EPIPE|CONNECTION_CLOSED|CONNECTION_ENDED|CONNECT_TIMEOUT)$/

/**
 * Joins the PostgreSQL server in `dataDir/postgres`, and creates and starts it when needed. Any
 * number of processes may join at once. A server whose starter was killed (`kill -9`) continues and
 * is joined again. `durable: false` is for temporary data: faster, but lost when the machine
 * crashes.
 * @throws Error with the last lines of the server's log when it does not start
 */
export async function openEmbedded(
  dataDir: string,
  options: { durable?: boolean } = {},
): Promise<Embedded> {
  const cluster = await openCluster(dataDir)
  const { url, presence } = await join(cluster, options.durable ?? true)
  let closing: Promise<void> | undefined
  return {
    url,
    close: () => {
      closing ??= leave(cluster, presence)
      return closing
    },
  }
}

async function join(cluster: Cluster, durable: boolean): Promise<{ url: string; presence: Sql }> {
  const giveUp = Date.now() + PATIENCE_MS
  let starts = 0
  while (Date.now() < giveUp) {
    const server = findPostmaster(cluster)
    if (server) {
      const url = `postgres://postgres:${cluster.password}@127.0.0.1:${server.port}/postgres`
      const presence = await enter(url, server)
      if (presence) return { url, presence }
      await sleep(30)
    } else {
      if (starts > 0) await sleep(200 * starts)
      if (starts++ === STARTS) break
      await startPostmaster(cluster, { durable })
    }
  }
  const log = logFile(cluster)
  const last = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-5).join('\n')
  throw new Error(
    `Cannot start the embedded PostgreSQL in ${cluster.folder}. The end of ${log}:\n${last}`,
  )
}

async function enter(url: string, { port }: Postmaster): Promise<Sql | undefined> {
  const presence = postgres(url, {
    max: 1,
    max_lifetime: null,
    onnotice: () => {},
    connection: { application_name: PRESENCE },
  })
  try {
    await presence`select pg_advisory_lock_shared(${IN_USE})`
    return presence
  } catch (error) {
    await presence.end({ timeout: 1 })
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (COMES_OR_GOES.test(code)) return undefined
    throw new Error(`Cannot join the embedded PostgreSQL on port ${port}: ${error}`, {
      cause: error,
    })
  }
}

async function leave(cluster: Cluster, presence: Sql): Promise<void> {
  try {
    await presence`select pg_advisory_unlock_shared(${IN_USE})`
    const [row] = await presence<
      { last: boolean }[]
    >`select pg_try_advisory_lock(${IN_USE}) as last`
    if (row?.last && (await isUnused(presence))) await stopPostmaster(cluster)
  } catch (error) {
    // the server has already stopped
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!COMES_OR_GOES.test(code)) throw error
  } finally {
    await presence.end({ timeout: 1 })
  }
}

/**
 * Whether no other client, such as psql, is connected. It waits a moment for closing connections.
 */
async function isUnused(presence: Sql): Promise<boolean> {
  for (let tries = 0; tries < 20; tries++) {
    const [row] = await presence<{ others: number }[]>`
      select count(*)::integer as others from pg_stat_activity
      where backend_type = 'client backend' and application_name <> ${PRESENCE}`
    if (row?.others === 0) return true
    await sleep(50)
  }
  return false
}
