import type { Db, Sql } from '../../db/connect.ts'
import {
  datasetDay,
  type Generation,
  type GenerationWatch,
  readGeneration,
} from '../../db/generation.ts'
import { AppError } from './app-error.ts'
import type { RowCursor } from './row-cursor.ts'

/** One consistent state of the database, with what has been computed of its generation before. */
export type ReadContext = {
  db: Db
  generation: Generation
  /** What "today" means (`datasetDay`). */
  day: string
  /** Computes once per generation and key (a count, a lookup table); each time, for data that changes without one. */
  cached<T>(key: string, compute: () => Promise<T>): Promise<T>
  /** For an export: a list is read to its end, and `readPage` gives the next rows each time. */
  walk?: RowCursor
}

export type Reader = <T>(
  read: (context: ReadContext) => Promise<T>,
  options?: {
    volatile?: boolean
    inTransaction?: boolean
    /** Does what needs a connection of its own, when there is one (the confirmation is shared). */
    withSlot?: <W>(work: () => Promise<W>) => Promise<W>
  },
) => Promise<T>

/** Keys hold what callers send: forget all of them rather than grow. */
const MOST_KEYS = 5000

/**
 * Opens views. What the dataset says is read in single statements, and holds when the generation is afterwards still the
 * one that it was read for; only when it is not, and for what changes without a generation (`volatile`), in a read-only
 * repeatable-read snapshot: that costs three statements more a request, this a share of one (docs/adr/0025).
 *
 * @param now the clock, in epoch milliseconds
 */
export function createReader(
  sql: Sql,
  { watch, now }: { watch: GenerationWatch; now: () => number },
): Reader {
  let kept = { of: '', answers: new Map<string, Promise<unknown>>() }

  function answersOf(generation: Generation, day: string): Map<string, Promise<unknown>> {
    const of = `${identity(generation)}-${day}`
    if (kept.of !== of || kept.answers.size > MOST_KEYS) kept = { of, answers: new Map() }
    return kept.answers
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

  return async (read, { volatile = false, inTransaction = false, withSlot = here } = {}) => {
    if (volatile || inTransaction) return withSlot(() => openSnapshot(read, volatile))
    const assumed = watch.current() ?? (await watch.confirm())
    const [outcome] = await Promise.allSettled([withSlot(() => read(viewOf(sql, assumed, false)))])
    if (outcome.status === 'rejected' && isUnavailable(outcome.reason)) throw outcome.reason
    // an error is an answer too: what was not found may be there by now
    const [confirmed] = await Promise.allSettled([watch.confirm()])
    if (confirmed.status === 'fulfilled' && identity(confirmed.value) !== identity(assumed))
      return withSlot(() => openSnapshot(read, false))
    if (outcome.status === 'rejected') throw outcome.reason
    if (confirmed.status === 'rejected') throw confirmed.reason
    return outcome.value
  }
}

const here = <W>(work: () => Promise<W>) => work()

function isUnavailable(error: unknown): boolean {
  return error instanceof AppError && error.status === 503
}

function onceIn(answers: Map<string, Promise<unknown>>): ReadContext['cached'] {
  return async <T>(key: string, compute: () => Promise<T>) => {
    const known = answers.get(key)
    // it may fail by the connection of whoever began it, which is no error of this caller's
    const [told] = known === undefined ? [] : await Promise.allSettled([known])
    if (told?.status === 'fulfilled') return told.value as T
    const answer = compute()
    answers.set(key, answer)
    answer.catch(() => answers.delete(key))
    return answer
  }
}

/** Names a generation across databases: a number alone comes again in a database made anew. */
export function identity({ number, publishedAt }: Generation): string {
  return `${number}-${(publishedAt?.getTime() ?? 0).toString(36)}`
}
