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

/** Whether the dataset is the generated sample, whose prices are invented. */
export function isSample(generation: Generation | null): boolean {
  return generation?.stats.sample === 1
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
  /** The newest generation that this process is sure of; null while it is not. */
  current(): Generation | null
  /** Notes what a query has just seen. */
  saw(generation: Generation): void
  /**
   * The generation as the database shows it after this call; calls that wait at the same time
   * share one statement. Fails after 5 s.
   */
  confirm(): Promise<Generation>
  /** True from a read that failed until one that succeeds. */
  isDatabaseAway(): boolean
  /** The generation last seen, and how long ago; null when the database has never answered. */
  lastSeen(): { generation: Generation; seconds: number } | null
}

/** Behind a pooler that swallows notifications, memory is never older than this. */
const TRUSTED_MS = 60_000
const CONFIRM_TIMEOUT_MS = 5000

/**
 * Keeps the generation in memory. It is read when the LISTEN connection is made, on each of its
 * reconnects (postgres.js reconnects; what was announced meanwhile is lost) and at each
 * announcement. Ends with `sql.end()`.
 */
export function watchGeneration(sql: Sql, log: Logger): GenerationWatch {
  let last: { generation: Generation; at: number } | null = null
  /** False while an announcement may have been missed. */
  let isCurrent = false
  let isAway = false

  const saw = (generation: Generation) => {
    isAway = false
    if (isCurrent && last !== null && generation.number < last.generation.number) return
    last = { generation, at: performance.now() }
    isCurrent = true
  }
  const read = async () => {
    try {
      const generation = await readInTime(sql)
      saw(generation)
      return generation
    } catch (error) {
      isAway = true
      throw error
    }
  }
  const reread = async () => {
    isCurrent = false
    try {
      await read()
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
    running = read().finally(() => {
      running = null
    })
    return running
  }
  const askNext = async () => {
    await running?.catch(() => {})
    next = null
    return ask()
  }
  return {
    confirm: async () => {
      if (running === null && next === null) return ask()
      next ??= askNext()
      return next
    },
    current: () => {
      if (last === null || !isCurrent || isAway) return null
      return performance.now() - last.at < TRUSTED_MS ? last.generation : null
    },
    saw,
    isDatabaseAway: () => isAway,
    lastSeen: () => {
      if (last === null) return null
      return { generation: last.generation, seconds: (performance.now() - last.at) / 1000 }
    },
  }
}

/** A network that swallows packets would keep everybody waiting who shares the statement. */
async function readInTime(sql: Sql): Promise<Generation> {
  const { promise, reject } = Promise.withResolvers<never>()
  const error = Object.assign(new Error('The database did not answer'), { code: 'ETIMEDOUT' })
  const timer = setTimeout(reject, CONFIRM_TIMEOUT_MS, error)
  try {
    return await Promise.race([readGeneration(sql), promise])
  } finally {
    clearTimeout(timer)
  }
}
