import { randomUUID } from 'node:crypto'
import { clearTimeout, setTimeout } from 'node:timers'
import type { Sql } from '../db/connect.ts'
import type { Audit } from '../http/audit-call.ts'
import { callerOf } from '../http/contract/caller.ts'
import { addressOf } from '../http/peer.ts'
import type { Logger } from '../log.ts'
import { withoutSecrets } from './redact.ts'
import type { audit } from './tables.ts'

type Row = typeof audit.$inferSelect

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000
/**
 * The maximum number of distinct refusals per hour. Further ones are counted without an address.
 */
const MAX_KINDS_PER_HOUR = 600
/** The maximum number of rows that wait while the database is unavailable. */
const MAX_WAITING = 10_000
const MAX_ROWS_PER_WRITE = 500
/** The interval between two writes of refusals. */
const PAUSE_MS = 250
const MAX_TARGET_CHARACTERS = 200

/**
 * Records writes and refused calls in the background. A write with a key is stored at once as one
 * row. Identical refusals within a minute share one row with a count. The refusals of anonymous
 * callers are limited per hour, so that nobody can fill the disk. Rows older than `env.auditDays`
 * are deleted at most once an hour, when rows are written.
 *
 * @param now the clock, in epoch milliseconds
 */
export function createAuditTrail(
  sql: Sql,
  {
    log,
    env,
    now,
  }: { log: Logger; env: { trustProxy: number; auditDays: number }; now: () => number },
): Audit {
  const waiting = new Map<string, Row>()
  const write = createWriter(sql, { log, now, waiting, keepMs: env.auditDays * DAY })
  const refusals = countAlike()

  return ({ request, method, route, target, status, requestId, refused }) => {
    const keyId = callerOf(request)?.keyId ?? null
    const row: Row = {
      id: randomUUID(),
      at: new Date(now()),
      key_id: keyId,
      address: addressOf(request, env.trustProxy),
      method,
      route,
      target:
        target === null
          ? null
          : withoutSecrets(target).replaceAll('\0', '').slice(0, MAX_TARGET_CHARACTERS),
      status,
      request_id: withoutSecrets(requestId),
      count: 1,
    }
    const isOwn = !refused && keyId !== null
    const counted = isOwn ? row : refusals({ ...row, target: null })
    if (waiting.size < MAX_WAITING || waiting.has(counted.id)) waiting.set(counted.id, counted)
    write({ soon: isOwn })
  }
}

/** Merges identical calls within a minute into the first row and increases its count. */
function countAlike(): (row: Row) => Row {
  let minute = 0
  let hour = 0
  let kinds = 0
  const known = new Map<string, Row>()
  return (row) => {
    const at = row.at.getTime()
    if (minute !== Math.floor(at / MINUTE)) {
      minute = Math.floor(at / MINUTE)
      known.clear()
    }
    if (hour !== Math.floor(at / HOUR)) {
      hour = Math.floor(at / HOUR)
      kinds = 0
    }
    const count = (one: Row) => {
      const kind = JSON.stringify([one.key_id, one.address, one.method, one.route, one.status])
      const first = known.get(kind)
      if (first === undefined) known.set(kind, one)
      else first.count++
      return first ?? one
    }
    if (kinds >= MAX_KINDS_PER_HOUR)
      return count({ ...row, key_id: null, address: null, method: '*', route: '*' })
    const counted = count(row)
    if (counted === row) kinds++
    return counted
  }
}

type Waiting = { waiting: Map<string, Row>; log: Logger; now: () => number; keepMs: number }

/**
 * Writes the waiting rows: at once with `soon`, else after a short delay. Only one write runs at a
 * time. A failed write is retried until `sql.end()`.
 */
function createWriter(
  sql: Sql,
  { waiting, log, now, keepMs }: Waiting,
): (when: { soon: boolean }) => void {
  let isWriting = false
  let isAway = false
  let wasWrittenAt = Number.NEGATIVE_INFINITY
  let deletedAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined

  const later = () => {
    timer ??= setTimeout(write, PAUSE_MS)
    timer.unref()
  }
  const write = async () => {
    clearTimeout(timer)
    timer = undefined
    if (isWriting) return later()
    isWriting = true
    wasWrittenAt = performance.now()
    const rows = [...waiting.values()].slice(0, MAX_ROWS_PER_WRITE).map((row) => ({ ...row }))
    for (const { id } of rows) waiting.delete(id)
    try {
      await sql`insert into auth.audit ${sql(rows)} on conflict (id) do update set count = excluded.count`
      isAway = false
      if (now() - deletedAt > HOUR) {
        deletedAt = now()
        await sql`delete from auth.audit where at < ${new Date(now() - keepMs)}`
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'CONNECTION_ENDED')
        return waiting.clear()
      if (!isAway)
        log.warn({ err: error, rows: rows.length }, 'Cannot write the audit yet: it is tried again')
      isAway = true
      for (const row of rows) if (!waiting.has(row.id)) waiting.set(row.id, row)
    } finally {
      isWriting = false
    }
    if (waiting.size > 0) later()
  }
  return ({ soon }) => {
    if (!isAway && (soon || performance.now() - wasWrittenAt > PAUSE_MS)) void write()
    else later()
  }
}
