import { AppError } from './contract/app-error.ts'

export type ConcurrencyLimit = {
  /**
   * Does the work in a place of its own, when there is one. Its place is free again after
   * `mostMs`, even if the work never ends: a network may swallow packets without an error.
   *
   * @throws AppError OVERLOADED when none comes free in time, DATABASE_UNAVAILABLE
   */
  take<T>(work: () => Promise<T>, mostMs?: number): Promise<T>
  now(): { count: number; taken: number; waiting: number }
}

/** A number of places for what may be done at once; who comes then waits in line, but not for ever. */
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
    take: async (work, mostMs) => {
      if (free > 0) free--
      else await wait()
      try {
        return await (mostMs === undefined ? work() : within(mostMs, work()))
      } finally {
        leave()
      }
    },
    now: () => ({ count, taken: count - free, waiting: line.size }),
  }
}

/** What the work comes to, if it does so in time. @throws AppError DATABASE_UNAVAILABLE */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new AppError('DATABASE_UNAVAILABLE', 'The database did not answer; try again')),
    ms,
  )
  return Promise.race([work, promise]).finally(() => clearTimeout(timer))
}
