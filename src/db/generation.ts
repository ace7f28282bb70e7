import { israelDate } from '../israel-time.ts'
import type { Logger } from '../log.ts'
import type { Db, Sql } from './connect.ts'

/** The published dataset as a whole: counted up at every publish. */
export type Generation = {
  number: number
  publishedAt: Date | null
  /** The newest observation of any store. */
  lastObservedAt: Date | null
  /** Stores last observed before this moment are stale. */
  staleBefore: Date | null
  stats: Record<string, number>
}

/**
 * The day in Israel (`YYYY-MM-DD`) that answers mean by "today": of promotions, those of this day hold. It is the clock's;
 * of a dataset that nobody keeps up to date (its newest observation is older than what makes a store stale) it is the
 * day of that observation, or every promotion would have ended.
 */
export function datasetDay({ lastObservedAt, staleBefore }: Generation, now: number): string {
  if (lastObservedAt === null || staleBefore === null) return israelDate(now)
  const newest = lastObservedAt.getTime()
  const isKeptUp = now - newest <= newest - staleBefore.getTime()
  return israelDate(isKeptUp ? now : newest)
}

/** The generation that a database (or a snapshot of it) shows. */
export async function readGeneration(db: Db): Promise<Generation> {
  const [row] = await db<Generation[]>`
    select number::float8 as number, published_at as "publishedAt", last_observed_at as "lastObservedAt",
      stale_before as "staleBefore", stats
    from core.generation`
  if (row === undefined) throw new Error('Cannot read the generation: core.generation has no row')
  return row
}

export type GenerationWatch = {
  /** The newest generation that this process knows of; null while it does not know. */
  current(): Generation | null
  /** Tells it what a query has just seen. */
  saw(generation: Generation): void
  /** The generation as the database shows it after this call; calls that wait at the same time share one statement. */
  confirm(): Promise<Generation>
}

/** Behind a pooler that swallows notifications, memory is never older than this. */
const TRUSTED_MS = 60_000

/**
 * Keeps the generation in memory: read when the LISTEN connection is made, on each of its reconnects (postgres.js
 * reconnects it by itself; what was announced meanwhile is lost) and at each announcement. Ends with `sql.end()`.
 */
export function watchGeneration(sql: Sql, log: Logger): GenerationWatch {
  let known: { generation: Generation; at: number } | null = null
  const saw = (generation: Generation) => {
    if (known !== null && generation.number < known.generation.number) return
    known = { generation, at: performance.now() }
  }
  const reread = async () => {
    known = null
    try {
      saw(await readGeneration(sql))
    } catch (error) {
      log.warn(
        { err: error },
        'Cannot read the generation yet: answers are not cached until it is known',
      )
    }
  }
  sql.listen('generation', reread, reread).catch((error: unknown) => {
    log.warn({ err: error }, 'Cannot listen for new generations yet')
  })
  let running: Promise<Generation> | null = null
  let next: Promise<Generation> | null = null
  const ask = () => {
    running = readGeneration(sql).finally(() => {
      running = null
    })
    return running
  }
  const askNext = async () => {
    await running?.catch(() => {})
    next = null
    return ask()
  }
  const confirm = async () => {
    if (running === null && next === null) return ask()
    next ??= askNext()
    return next
  }
  return {
    confirm: async () => {
      const generation = await confirm()
      saw(generation)
      return generation
    },
    current: () =>
      known !== null && performance.now() - known.at < TRUSTED_MS ? known.generation : null,
    saw,
  }
}
