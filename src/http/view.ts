import type { Sql, Tx } from '../db/connect.ts'
import { datasetDay, type Generation, readGeneration } from '../generation.ts'

/** One consistent state of the database, with what has been computed of its generation before. */
export type View = {
  db: Tx
  generation: Generation
  /** What "today" means (`datasetDay`). */
  day: string
  /** Computes once per generation and key (a count, a lookup table); each time, for data that changes without one. */
  once<T>(key: string, compute: () => Promise<T>): Promise<T>
}

export type Viewer = <T>(read: (view: View) => Promise<T>, options?: { volatile?: boolean }) => Promise<T>

/** Keys hold what callers send: forget all of them rather than grow. */
const MOST_KEYS = 5000

/**
 * Opens read-only repeatable-read snapshots; the answers that `once` keeps are those of the newest generation and day.
 *
 * @param now the clock, in epoch milliseconds
 */
export function createViewer(
  sql: Sql,
  { saw, now }: { saw: (generation: Generation) => void; now: () => number },
): Viewer {
  let kept = { of: '', answers: new Map<string, Promise<unknown>>() }

  function answersOf(generation: Generation, day: string): Map<string, Promise<unknown>> {
    const of = `${identity(generation)}-${day}`
    if (kept.of !== of || kept.answers.size > MOST_KEYS) kept = { of, answers: new Map() }
    return kept.answers
  }

  function open<T>(read: (view: View) => Promise<T>, { volatile = false } = {}): Promise<T> {
    const run = sql.begin('isolation level repeatable read read only', async (db) => {
      const generation = await readGeneration(db)
      saw(generation)
      const day = datasetDay(generation, now())
      const once = onceIn(volatile ? new Map() : answersOf(generation, day))
      return { answer: await read({ db, generation, day, once }) }
    })
    return run.then(({ answer }) => answer as T)
  }
  return open
}

function onceIn(answers: Map<string, Promise<unknown>>): View['once'] {
  return async <T>(key: string, compute: () => Promise<T>) => {
    const known = answers.get(key)
    if (known !== undefined) return (await known) as T
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
