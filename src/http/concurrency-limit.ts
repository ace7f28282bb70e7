import { AppError } from './contract/app-error.ts'

export type ConcurrencyLimit = {
  /**
   * Runs `work` when a slot is free. The slot is freed after `maxMs` even if the work never ends,
   * because a network may drop packets without an error.
   *
   * @throws AppError OVERLOADED when no slot becomes free in time, DATABASE_UNAVAILABLE after
   *   `maxMs`
   */
  take<T>(work: () => Promise<T>, maxMs?: number): Promise<T>
  now(): { count: number; taken: number; waiting: number }
}

/** Limits concurrent work to `count` slots. Further calls wait in order for at most `waitMs`. */
export function createConcurrencyLimit({
  count,
  waitMs,
}: {
  count: number
  waitMs: number
}): ConcurrencyLimit {
  let free = count
  const line = new Set<() => void>()

  function wait(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const late = setTimeout(() => {
      line.delete(enter)
      reject(new AppError('OVERLOADED', 'Too much is asked at once; try again in a moment'))
    }, waitMs)
    const enter = () => {
      clearTimeout(late)
      resolve()
    }
    line.add(enter)
    return promise
  }

  function leave(): void {
    const [next] = line
    if (next === undefined) free++
    else {
      line.delete(next)
      next()
    }
  }

  return {
    take: async (work, maxMs) => {
      if (free > 0) free--
      else await wait()
      try {
        return await (maxMs === undefined ? work() : within(maxMs, work()))
      } finally {
        leave()
      }
    },
    now: () => ({ count, taken: count - free, waiting: line.size }),
  }
}

/**
 * Returns the result of `work`. @throws AppError DATABASE_UNAVAILABLE when it takes longer than
 * `ms`
 */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new AppError('DATABASE_UNAVAILABLE', 'The database did not answer; try again')),
    ms,
  )
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}
