import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type Db, type Sql } from '../db/connect.ts'
import { type Gate, gateTo } from './connection-gate.ts'

/** The result of repeated losses of the database, as callers of a pool saw it. */
export type OutageReport = {
  answers: number
  errors: Record<string, number>
  /** Wrong answers, and errors while the database was reachable. */
  wrong: string[]
  /** For each return of the database: milliseconds until every caller had a new answer. */
  recoveries: number[]
  /** Server connections of the pool while open and after its end. */
  open: number
  left: number
  /** Whether the listening connection returned after the last cut. */
  isListening: boolean
}

/** A caller's next call; it returns what is wrong with its answer, if anything. */
export type Action = (caller: number, number: number) => Promise<string | undefined>

export const POOL = 8
const CALLERS = 24
const NAME = 'super-zol outage'
const RECOVERY_MS = 1000

/**
 * Cuts the way to a database and restores it while callers repeat `actions` over one pool. After
 * each return it waits until every caller has an answer, 10 s at most.
 *
 * @param actions what callers do in turn with the pool, which it may wrap
 */
export async function surviveOutages(
  url: string,
  { cuts, actions }: { cuts: number; actions: (sql: Sql) => readonly Action[] },
): Promise<OutageReport> {
  const admin = connect(url, { max: 1 })
  const gate = await gateTo(url)
  const sql = connect(gate.url, { max: POOL, name: NAME, statementMs: 5000 })
  const report: OutageReport = {
    ...{ answers: 0, errors: {}, wrong: [], recoveries: [] },
    ...{ open: 0, left: 0, isListening: false },
  }
  let notifications = 0
  await sql.listen('outage', () => notifications++)
  const answeredAt = new Array<number>(CALLERS).fill(0)
  const choices = actions(sql)
  /** Counts the periods in which the database was reachable; null while it is not. */
  let upSince: number | null = 0
  let isOver = false

  async function call(caller: number): Promise<void> {
    for (let number = 0; !isOver; number++) {
      const began = performance.now()
      const beganUp = upSince
      try {
        const problem = await choices[(caller + number) % choices.length]?.(caller, number)
        if (problem !== undefined) report.wrong.push(problem)
        report.answers++
        answeredAt[caller] = began
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
        report.errors[code] = (report.errors[code] ?? 0) + 1
        if (beganUp !== null && beganUp === upSince) report.wrong.push(`${code} without a cut`)
        await sleep(5)
      }
    }
  }

  const callers = Array.from({ length: CALLERS }, (_, caller) => call(caller))
  for (let cut = 0; cut < cuts; cut++) {
    await sleep(20 + ((cut * 37) % 100))
    upSince = null
    await CUTS[cut % CUTS.length]?.(gate, { admin, ms: (cut * 53) % 200 })
    await gate.open()
    report.recoveries.push(await allAnswered(answeredAt))
    upSince = cut
  }
  await admin`select pg_notify('outage', '')`
  await waitUntil(async () => notifications > 0)
  report.isListening = notifications === 1
  report.open = await countConnections(admin)
  isOver = true
  await Promise.all(callers)
  await sql.end({ timeout: 5 })
  await waitUntil(async () => (await countConnections(admin)) === 0)
  report.left = await countConnections(admin)
  gate.cut()
  await admin.end()
  return report
}

/** The faults in a report, one sentence each. */
export function faultsOf(report: OutageReport): string[] {
  const { recoveries, wrong, open, left, isListening } = report
  const slow = recoveries.filter((ms) => ms > RECOVERY_MS).map((ms) => `answered after ${ms} ms`)
  return [
    ...slow,
    ...wrong,
    // one more connection listens
    ...(open > POOL + 1 ? [`${open} connections of a pool of ${POOL}`] : []),
    ...(left > 0 ? [`${left} connections left open`] : []),
    ...(isListening ? [] : ['notifications are not received any more']),
  ]
}

async function waitUntil(isDone: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 50 && !(await isDone()); tries++) await sleep(20)
}

/** Statements, transactions, cursors and COPY, each with the check of its answer. */
export function driverActions(sql: Sql): readonly Action[] {
  return [readRow, readRows, readInTransaction, readByCursor, copyRows].map(
    (action) => (caller, number) => action(sql, caller, number),
  )
}

async function readRow(sql: Db, caller: number, number: number): Promise<string | undefined> {
  const rows = await sql`select ${caller}::integer as caller, ${number}::integer as number`
  const [row] = rows
  if (rows.length === 1 && row?.caller === caller && row.number === number) return undefined
  return `row ${caller} ${number}: ${JSON.stringify(rows)}`
}

async function readRows(sql: Sql, caller: number): Promise<string | undefined> {
  const rows = await sql`select n, ${caller}::integer as caller from generate_series(1, 500) n`
  if (rows.length === 500 && rows.every((row, i) => row?.n === i + 1 && row.caller === caller))
    return undefined
  return `rows ${caller}: ${rows.length}`
}

async function readInTransaction(
  sql: Sql,
  caller: number,
  number: number,
): Promise<string | undefined> {
  return sql.begin('read only', async (tx) => {
    const [first] = await tx<{ id: number }[]>`select pg_backend_pid() as id`
    await sleep(1)
    const [second] = await tx<{ id: number }[]>`
      select pg_backend_pid() as id, current_setting('transaction_read_only') as read_only`
    if (first?.id !== second?.id) return `transaction ${caller} ${number}: on two connections`
    return readRow(tx, caller, number)
  })
}

async function readByCursor(sql: Sql, caller: number): Promise<string | undefined> {
  let next = 1
  for await (const page of sql`select n from generate_series(1, 60) n`.cursor(20)) {
    await sleep(2)
    for (const row of page)
      if (row?.n !== next++) return `cursor ${caller}: ${row?.n} for ${next - 1}`
  }
  return next === 61 ? undefined : `cursor ${caller}: ended at ${next}`
}

async function copyRows(sql: Sql, caller: number, number: number): Promise<string | undefined> {
  await sql.begin(async (tx) => {
    await tx`create temp table copied (caller integer, number integer) on commit drop`
    const stream = await tx`copy copied from stdin`.writable()
    const ended = once(stream, 'finish')
    stream.end(`${caller}\t${number}\n`.repeat(200))
    await ended
  })
  return undefined
}

type Cut = (gate: Gate, options: { admin: Sql; ms: number }) => Promise<void>

const CUTS: readonly Cut[] = [refuse, terminate, hangUp]

/** The server's machine disappears. */
async function refuse(gate: Gate, { ms }: { ms: number }): Promise<void> {
  gate.cut()
  await sleep(ms)
}

/** The server shuts down. */
async function terminate(gate: Gate, { admin, ms }: { admin: Sql; ms: number }): Promise<void> {
  await admin`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = ${NAME}`
  gate.cut()
  await sleep(ms)
}

/** A pooler or load balancer accepts connections without a server behind it. */
async function hangUp(gate: Gate, { ms }: { ms: number }): Promise<void> {
  gate.cut()
  const server = createServer((socket) => socket.resume().end())
  const listening = once(server, 'listening')
  server.listen(Number(new URL(gate.url).port), '127.0.0.1')
  await listening
  await sleep(ms)
  const closed = once(server, 'close')
  server.close()
  await closed
}

/** Milliseconds until every caller has an answer to a new call; at most 10 s. */
async function allAnswered(answeredAt: readonly number[]): Promise<number> {
  const back = performance.now()
  while (performance.now() - back < 10_000 && answeredAt.some((at) => at < back)) await sleep(5)
  return performance.now() - back
}

async function countConnections(admin: Sql): Promise<number> {
  const [row] = await admin<{ count: number }[]>`
    select count(*)::integer as count from pg_stat_activity
    where datname = current_database() and application_name = ${NAME}`
  return row?.count ?? 0
}
