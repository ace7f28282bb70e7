import { israelDate } from '../israel-time.ts'
import type { Logger } from '../log.ts'
import type { Db, Sql } from './connect.ts'

/** The state of the published dataset. Its number increases at every publish. */
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
 * Returns the day in Israel (`YYYY-MM-DD`) that counts as today, for example for current
 * promotions. This is the current day. For a stale dataset it is the day of its newest observation,
 * because all its promotions would have ended otherwise.
 */
export function datasetDay({ lastObservedAt, staleBefore }: Generation, now: number): string {
  if (lastObservedAt === null || staleBefore === null) return israelDate(now)
  const newest = lastObservedAt.getTime()
  const isKeptUp = now - newest <= newest - staleBefore.getTime()
  return israelDate(isKeptUp ? now : newest)
}

/** Reads the generation from a database or a snapshot of it. */
export async function readGeneration(db: Db): Promise<Generation> {
  const [row] = await db<Generation[]>`
    select number::float8 as number, published_at as "publishedAt", last_observed_at as "lastObservedAt",
      stale_before as "staleBefore", stats
    from core.generation`
  if (row === undefined) throw new Error('Cannot read the generation: core.generation has no row')
  return row
}

export type GenerationWatch = {
  /** The current generation; null while this process cannot be sure of it. */
  current(): Generation | null
  /** Records a generation that a query has just read. */
  saw(generation: Generation): void
  /**
   * Reads the generation from the database. Concurrent calls share one statement. Fails after 5 s.
   */
  confirm(): Promise<Generation>
  /** True from a failed read until the next successful one. */
  isDatabaseAway(): boolean
  /** The last known generation and its age; null when the database has never answered. */
  lastSeen(): { generation: Generation; seconds: number } | null
}

/** The maximum age of the generation in memory, for poolers that drop notifications. */
const TRUSTED_MS = 60_000
const CONFIRM_TIMEOUT_MS = 5000

/**
 * Keeps the generation in memory. It is read when the LISTEN connection opens or reconnects,
 * because notifications in between are lost, and at each notification. Ends with `sql.end()`.
 */
export function watchGeneration(sql: Sql, log: Logger): GenerationWatch {
  let last: { generation: Generation; at: number } | null = null
  /** False while a notification may have been missed. */
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

/**
 * Reads with a time limit, because a network that drops packets would block all callers of the
 * shared statement.
 */
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
