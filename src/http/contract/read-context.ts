import type { Db, Sql } from '../../db/connect.ts'
import {
  datasetDay,
  type Generation,
  type GenerationWatch,
  readGeneration,
} from '../../db/generation.ts'
import { AppError } from './app-error.ts'
import type { RowCursor } from './row-cursor.ts'

/** A consistent view of the database, with cached values of its generation. */
export type ReadContext = {
  db: Db
  generation: Generation
  /** The day that counts as today (`datasetDay`). */
  day: string
  /**
   * Caches a value per generation, day and key, such as a count. Volatile reads compute it each
   * time.
   */
  cached<T>(key: string, compute: () => Promise<T>): Promise<T>
  /** Set for an export: each call of `readPage` then returns the next rows of the whole list. */
  walk?: RowCursor
}

export type Reader = <T>(
  read: (context: ReadContext) => Promise<T>,
  options?: {
    volatile?: boolean
    inTransaction?: boolean
    /**
     * Runs the work when a connection is free. Checks of the generation are shared and need no
     * slot.
     */
    withSlot?: <W>(work: () => Promise<W>) => Promise<W>
  },
) => Promise<T>

/**
 * The maximum number of cached keys. Above it the cache is cleared, because callers can create any
 * number of keys.
 */
const MAX_KEYS = 5000

/**
 * Creates a function that reads a consistent view. It reads without a transaction and then checks
 * that the generation is unchanged, which costs a shared statement. A changed generation and
 * `volatile` data are read in a read-only repeatable-read transaction, which costs three more
 * statements per request (docs/adr/0025).
 *
 * @param now the clock, in epoch milliseconds
 */
export function createReader(
  sql: Sql,
  { watch, now }: { watch: GenerationWatch; now: () => number },
): Reader {
  let cache = { state: '', answers: new Map<string, Promise<unknown>>() }

  function answersOf(generation: Generation, day: string): Map<string, Promise<unknown>> {
    const state = `${identity(generation)}-${day}`
    if (cache.state !== state || cache.answers.size > MAX_KEYS)
      cache = { state, answers: new Map() }
    return cache.answers
  }

  function viewOf(db: Db, generation: Generation, volatile: boolean): ReadContext {
    const day = datasetDay(generation, now())
    return {
      db,
      generation,
      day,
      cached: onceIn(volatile ? new Map() : answersOf(generation, day)),
    }
  }

  function openSnapshot<T>(
    read: (context: ReadContext) => Promise<T>,
    volatile: boolean,
  ): Promise<T> {
    const run = sql.begin('isolation level repeatable read read only', async (db) => {
      const generation = await readGeneration(db)
      watch.saw(generation)
      return { answer: await read(viewOf(db, generation, volatile)) }
    })
    return run.then(({ answer }) => answer as T)
  }

  return async (read, { volatile = false, inTransaction = false, withSlot = runDirectly } = {}) => {
    if (volatile || inTransaction) return withSlot(() => openSnapshot(read, volatile))
    const assumed = watch.current() ?? (await watch.confirm())
    const [outcome] = await Promise.allSettled([withSlot(() => read(viewOf(sql, assumed, false)))])
    if (outcome.status === 'rejected' && isUnavailable(outcome.reason)) throw outcome.reason
    // errors are checked too: a missing row may exist in the new generation
    const [confirmed] = await Promise.allSettled([watch.confirm()])
    if (confirmed.status === 'fulfilled' && identity(confirmed.value) !== identity(assumed))
      return withSlot(() => openSnapshot(read, false))
    if (outcome.status === 'rejected') throw outcome.reason
    if (confirmed.status === 'rejected') throw confirmed.reason
    return outcome.value
  }
}

const runDirectly = <W>(work: () => Promise<W>) => work()

function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.status === 503
}

function onceIn(answers: Map<string, Promise<unknown>>): ReadContext['cached'] {
  return async <T>(key: string, compute: () => Promise<T>) => {
    const pending = answers.get(key)
    // when the first caller's query fails, this caller computes the value again
    const [result] = pending === undefined ? [] : await Promise.allSettled([pending])
    if (result?.status === 'fulfilled') return result.value as T
    const answer = compute()
    answers.set(key, answer)
    answer.catch(() => answers.delete(key))
    return answer
  }
}

/**
 * Identifies a generation across databases, because a new database starts with the same numbers.
 */
export function identity({ number, publishedAt }: Generation): string {
  return `${number}-${(publishedAt?.getTime() ?? 0).toString(36)}`
}
