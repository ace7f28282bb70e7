import { israelMoment } from '../../../src/israel-time.ts'

export const GRANULARITIES = ['day', 'week', 'month'] as const
export type Granularity = (typeof GRANULARITIES)[number]

/** Days in Israel in a row, and the periods that they fall into. */
export type Periods = {
  /** `YYYY-MM-DD` of each day. */
  days: string[]
  /** The seconds of the epoch at which each day begins, and at which the last one ends. */
  bounds: number[]
  /** Of each day the place of its period in `starts`. */
  of: Int32Array
  /** The first day of each period: its Monday, the first of its month. */
  starts: string[]
}

const DAY_MS = 86_400_000

/** How many days there are from one to another, both counted. */
export function countDays(first: string, last: string): number {
  return (Date.parse(last) - Date.parse(first)) / DAY_MS + 1
}

/** The days from `first` to `last` by period. */
export function periodsOf(first: string, last: string, granularity: Granularity): Periods {
  const days = Array.from({ length: countDays(first, last) }, (_, i) => dateAfter(first, i))
  const startOfDay = days.map((day) => startOf(day, granularity))
  const starts = [...new Set(startOfDay)]
  const at = new Map(starts.map((start, i) => [start, i]))
  const bounds = [...days, dateAfter(last, 1)].map((day) => {
    const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
    return israelMoment(year, month, date) / 1000
  })
  return { days, bounds, of: Int32Array.from(startOfDay, (start) => at.get(start) ?? 0), starts }
}

/** The place of a moment's day (seconds of the epoch) among the days: −1 before the first, their number after the last. */
export function dayOf({ bounds, days }: Periods, moment: number): number {
  const from = bounds[0] as number
  if (moment < from) return -1
  if (moment >= (bounds[days.length] as number)) return days.length
  // a day has 23 to 25 hours: the guess is a day off at most
  let day = Math.min(days.length - 1, Math.floor((moment - from) / 86_400))
  while (moment < (bounds[day] as number)) day--
  while (moment >= (bounds[day + 1] as number)) day++
  return day
}

function startOf(day: string, granularity: Granularity): string {
  if (granularity === 'month') return `${day.slice(0, 7)}-01`
  const sinceMonday = (new Date(day).getUTCDay() + 6) % 7
  return granularity === 'week' ? dateAfter(day, -sinceMonday) : day
}

/** The day so many days after another. */
export function dateAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10)
}
