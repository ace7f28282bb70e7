import { israelDayStart } from '../../../src/israel-time.ts'

const DAY_MS = 86_400_000

/** Why rows of a list are rejected whose file name tells a moment that was still to come. */
export const AHEAD = 'a moment after the day of its version'

/**
 * The last moment that a store file may have: it says nothing of prices, so one that was fetched days after its version
 * is as good, and only one that is still to come is not.
 */
export function lastStoreMomentOf(version: { name: string; date: string | null }, now: number) {
  return Math.max(lastMomentOf(version, now), now + DAY_MS)
}

/**
 * The last moment (epoch milliseconds) that a list of a version may have: the end of the day after the version's own, or
 * a day from `now` where nothing tells its day. Later lists are kept among the rejects: as prices they would outrank
 * every good list, and make all other stores look stale.
 */
export function lastMomentOf(
  { name, date }: { name: string; date: string | null },
  now: number,
): number {
  const days = [date, /^\d{4}-\d{2}-\d{2}/.exec(name)?.[0]].flatMap((day) => day ?? [])
  const last = days.sort().at(-1)
  return last === undefined ? now + DAY_MS : israelDayStart(last, 2).getTime() - 1
}
