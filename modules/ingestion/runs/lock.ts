import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql, Tx } from '../../../src/db/connect.ts'

/**
 * Advisory lock keys: one for a whole run (session), one for its writes (transaction). The numbers
 * are arbitrary.
 */
const RUN_LOCK = 7_290_001
const WRITE_LOCK = 7_290_002

/** Another run is in progress. */
export class LockedError extends Error {}

/** The connection with the run's lock was lost, and so was the lock. */
export class LockLostError extends Error {}

/**
 * Takes the lock of a run on a client with one connection. Returns its backend's pid, which
 * identifies the session for `assertLocked`. Throws `LockedError` if another run holds the lock for
 * more than a few seconds.
 */
export async function takeRunLock(db: Sql): Promise<number> {
  for (let tries = PATIENCE_MS / RETRY_MS; ; tries--) {
    const [row] = await db<{ held: boolean; pid: number }[]>`
      select pg_try_advisory_lock(${RUN_LOCK}) as held, pg_backend_pid() as pid`
    if (row?.held === true) return row.pid
    if (tries <= 0) throw new LockedError('Cannot start: another run holds the lock')
    await sleep(RETRY_MS)
  }
}

/** The server may still execute the last statement of a run that was just killed. */
const PATIENCE_MS = 3000
const RETRY_MS = 250

/** Checks that a transaction runs in the session with the lock, and that no other one writes. */
export async function assertLocked(tx: Tx, backendPid: number): Promise<void> {
  const [row] = await tx<{ held: boolean }[]>`
    select pg_backend_pid() = ${backendPid} and pg_try_advisory_xact_lock(${WRITE_LOCK}) as held`
  if (row?.held !== true)
    throw new LockLostError('Cannot go on: the connection that held the lock was lost')
}
