import { israelMoment } from '../../../src/israel-time.ts'

export const GRANULARITIES = ['day', 'week', 'month'] as const
export type Granularity = (typeof GRANULARITIES)[number]

/** Consecutive days in Israel, and the periods they fall into. */
export type Periods = {
  /** `YYYY-MM-DD` of each day. */
  days: string[]
  /** When each day begins (epoch seconds), and when the last one ends. */
  bounds: number[]
  /** By day, the index of its period in `starts`. */
  periodOfDay: Int32Array
  /** The first day of each period: the day, its Monday, or the first of its month. */
  starts: string[]
}

const DAY_MS = 86_400_000

/** The number of days from `first` to `last`, both included. */
export function countDays(first: string, last: string): number {
  return (Date.parse(last) - Date.parse(first)) / DAY_MS + 1
}

/** The days from `first` to `last`, grouped by period. */
export function listPeriods(first: string, last: string, granularity: Granularity): Periods {
  const days = Array.from({ length: countDays(first, last) }, (_, i) => dateAfter(first, i))
  const startOfDay = days.map((day) => periodStart(day, granularity))
  const starts = [...new Set(startOfDay)]
  const at = new Map(starts.map((start, i) => [start, i]))
  const bounds = [...days, dateAfter(last, 1)].map((day) => {
    const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
    return israelMoment(year, month, date) / 1000
  })
  return {
    days,
    bounds,
    periodOfDay: Int32Array.from(startOfDay, (start) => at.get(start) ?? 0),
    starts,
  }
}

/**
 * The index of a timestamp's day (epoch seconds); −1 before the first day, `days.length` after the
 * last.
 */
export function dayOf({ bounds, days }: Periods, moment: number): number {
  const from = bounds[0] as number
  if (moment < from) return -1
  if (moment >= (bounds[days.length] as number)) return days.length
  // days have 23 to 25 hours, so the estimate is off by one at most
  let day = Math.min(days.length - 1, Math.floor((moment - from) / 86_400))
  while (moment < (bounds[day] as number)) day--
  while (moment >= (bounds[day + 1] as number)) day++
  return day
}

function periodStart(day: string, granularity: Granularity): string {
  if (granularity === 'month') return `${day.slice(0, 7)}-01`
  const sinceMonday = (new Date(day).getUTCDay() + 6) % 7
  return granularity === 'week' ? dateAfter(day, -sinceMonday) : day
}

/** The day a number of days after another. */
export function dateAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
}
