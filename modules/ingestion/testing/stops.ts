import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Sql } from '../../../src/db/connect.ts'

const STOP = 7_299_999
const PATIENCE_MS = 20_000

/** A run that a test holds at a chosen point. */
export type Stop = {
  /** The run's database backend, once it is held. */
  reached(): Promise<number>
  /** Releases the run and waits until its connection is closed. */
  release(): Promise<void>
}

/** Holds a run before it writes to a table that has at least this many rows. */
export async function stopBefore(url: string, table: string, rows = 0): Promise<Stop> {
  const sql = connect(url, { max: 1, name: 'stop' })
  await sql.unsafe(`
    create or replace function public.stop() returns trigger language plpgsql as $$ begin
      if (select count(*) from ${table}) >= ${rows} then perform pg_advisory_xact_lock_shared(${STOP}); end if;
      return null;
    end $$;
    create or replace trigger stop before insert or update on ${table} for each statement execute function public.stop()`)
  await sql`select pg_advisory_lock(${STOP})`
  return {
    reached: () =>
      until(async () => {
        const [waiting] = await sql<{ pid: number }[]>`
          select pid from pg_locks join pg_database d on d.oid = database
          where datname = current_database() and locktype = 'advisory' and objid = ${STOP} and not granted`
        return waiting?.pid
      }),
    async release() {
      await sql`select pg_advisory_unlock(${STOP})`
      await noRun(sql)
      await sql.unsafe(`drop trigger stop on ${table}; drop function public.stop()`)
      await sql.end({ timeout: 1 })
    },
  }
}

/** Waits until no run is connected to the server. */
export async function noRun(sql: Sql): Promise<void> {
  await until(async () => {
    const runs = await sql`select from pg_stat_activity
      where datname = current_database() and application_name = 'super-zol ingest'`
    return runs.length === 0 ? true : undefined
  })
}

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(10)) {
    const answer = await ask()
    if (answer !== undefined) return answer
  }
  throw new Error(`Cannot wait any longer: it has not come in ${PATIENCE_MS / 1000} s`)
}
