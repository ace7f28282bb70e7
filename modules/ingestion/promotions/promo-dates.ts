import { israelMoment } from '../../../src/israel-time.ts'

const DATE = /^(?:(\d{4})-(\d\d)-(\d\d)|(\d\d)\/(\d\d)\/(\d{4}))(?:[T ]+(\S+))?$/
const TIME = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?$/

/**
 * The moment (epoch milliseconds) that a promotion begins or ends at, by Israel's clock. A date without an hour begins
 * and ends with its day. Null: open (no date, or the year 1); undefined: unreadable.
 */
export function readEdge(
  date: string | null,
  hour: string | null,
  edge: 'start' | 'end',
): number | null | undefined {
  if (date === null) return null
  const match = DATE.exec(date)
  if (match === null) return undefined
  const [, year, month, day, laterDay, laterMonth, laterYear, withTime] = match
  const y = Number(year ?? laterYear)
  const m = Number(month ?? laterMonth)
  const d = Number(day ?? laterDay)
  if (y === 1) return null
  const isDate = m >= 1 && m <= 12 && d >= 1 && d <= new Date(Date.UTC(y, m, 0)).getUTCDate()
  if (!isDate || y < 1800) return undefined
  const time = hour ?? withTime
  if (time === undefined)
    return edge === 'start' ? israelMoment(y, m, d) : israelMoment(y, m, d, 23, 59, 59)
  const [, hours, minutes, seconds = '0'] = TIME.exec(time) ?? []
  const [h, min, s] = [Number(hours), Number(minutes), Number(seconds)]
  return h <= 24 && min < 60 && s < 60 ? israelMoment(y, m, d, h, min, s) : undefined
}
