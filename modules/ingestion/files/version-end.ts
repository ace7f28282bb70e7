import { israelDayStart } from '../../../src/israel-time.ts'

const DAY_MS = 86_400_000

/** The reason for rejecting the rows of a list whose file name has a future timestamp. */
export const AHEAD = 'a moment after the day of its version'

/**
 * The latest timestamp that a store file may have. A store file has no prices, so one downloaded
 * days after its version is valid, and only a future one is not.
 */
export function lastStoreMomentOf(version: { name: string; date: string | null }, now: number) {
  return Math.max(lastMomentOf(version, now), now + DAY_MS)
}

/**
 * The latest timestamp (epoch milliseconds) of a list in a version: the end of the day after the
 * version's day, or a day from `now` for a version without a day. Later lists are rejected, because
 * they would override every valid list and make all other stores stale.
 */
export function lastMomentOf(
  { name, date }: { name: string; date: string | null },
  now: number,
): number {
  const days = [date, /^\d{4}-\d{2}-\d{2}/.exec(name)?.[0]].flatMap((day) => day ?? [])
  const last = days.sort().at(-1)
  return last === undefined ? now + DAY_MS : israelDayStart(last, 2).getTime() - 1
}
