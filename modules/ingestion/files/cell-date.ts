import { israelDate, israelMoment } from '../../../src/israel-time.ts'
import { visibleText } from './cell-text.ts'

/** A timestamp (epoch milliseconds), null for none, or why a text is not readable as one. */
export type DateReading = number | null | 'unreadable' | 'ambiguous'

/** The year is first or last, with one kind of separator. Month and day may have one digit. */
const DATE =
  /^(?:(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{1,2})([-/.])(\d{1,2})\6(\d{4})|(\d{4})(\d\d)(\d\d))(?:[T ]+(.+))?$/i
const TWO_DIGIT_YEAR = /^\d{1,2}([-/.])\d{1,2}\1\d{2}(?:[T ]|$)/
const TIME = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*([ap]m)?$/i
const TIME_WITHOUT_COLONS = /^(\d\d)(\d\d)(\d\d)?$/
const OFFSET = /\s*(?:(Z)|([+-])(\d\d):?(\d\d))$/i

type Day = { year: number; month: number; day: number }
type Time = { hour: number; minute: number; second: number }

const MIDNIGHT: Time = { hour: 0, minute: 0, second: 0 }
const LAST_SECOND: Time = { hour: 23, minute: 59, second: 59 }

/**
 * Reads a start or end time, in Israel time unless the text has an offset. `date` holds the day,
 * and the time is in `date` or in `hour`. A start without a time is the start of its day, an end
 * the end of its day. The years 0 and 1 and dates of zeros mean "no date". A two-digit year is
 * ambiguous, and so is a month above 12, because the month may come first.
 */
export function readDateTime(
  date: string | null,
  hour: string | null,
  edge: 'start' | 'end',
): DateReading {
  const text = date === null ? '' : visibleText(date).replace(/\s+/g, ' ')
  if (text === '' || /^[0\s:/.T-]*Z?$/i.test(text)) return null
  if (TWO_DIGIT_YEAR.test(text)) return 'ambiguous'
  const match = DATE.exec(text)
  if (match === null) return 'unreadable'
  const [, y1, , m1, d1, d2, , m2, y2, y3, m3, d3, ownTime] = match
  const day: Day = {
    year: Number(y1 ?? y2 ?? y3),
    month: Number(m1 ?? m2 ?? m3),
    day: Number(d1 ?? d2 ?? d3),
  }
  if (day.year <= 1) return null
  if (y2 !== undefined && day.month > 12 && day.month <= 31 && day.day <= 12) return 'ambiguous'
  if (!isDay(day)) return 'unreadable'
  const offset = ownTime === undefined ? null : OFFSET.exec(ownTime)
  const timeInDate = ownTime === undefined ? null : readTime(ownTime.replace(OFFSET, ''))
  if (timeInDate === undefined) return 'unreadable'
  const separateTime = hour === null ? null : readHour(hour)
  if (separateTime === undefined) return 'unreadable'
  if (offset === null) {
    const time = separateTime ?? timeInDate
    if (time !== null) return momentOf(day, time)
    return momentOf(day, edge === 'start' ? MIDNIGHT : LAST_SECOND)
  }
  const exact = Date.UTC(
    day.year,
    day.month - 1,
    day.day,
    timeInDate?.hour,
    timeInDate?.minute,
    timeInDate?.second,
  )
  const moment = exact - offsetMs(offset)
  if (separateTime === null) return moment
  const [year = 0, month = 0, dayOfMonth = 0] = israelDate(moment).split('-').map(Number)
  return momentOf({ year, month, day: dayOfMonth }, separateTime)
}

/** The reason that a row with an unreadable date is rejected for. */
export function dateFault(fault: 'unreadable' | 'ambiguous', thing: string, text: string): string {
  return fault === 'unreadable'
    ? `${thing} that cannot be read: ${text}`
    : `${thing} that can be read in two ways: ${text}`
}

function momentOf({ year, month, day }: Day, { hour, minute, second }: Time): number {
  return israelMoment(year, month, day, hour, minute, second)
}

/** Whether the day exists, in a plausible year for a shop. */
export function isDay({ year, month, day }: Day): boolean {
  return (
    year >= 1800 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
  )
}

function readTime(text: string): Time | undefined {
  const [, h, m, s = '0', half] = TIME.exec(text) ?? TIME_WITHOUT_COLONS.exec(text) ?? []
  if (h === undefined) return undefined
  let hour = Number(h)
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined
    hour = (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  }
  const time = { hour, minute: Number(m), second: Number(s) }
  return hour <= 24 && time.minute < 60 && time.second < 60 ? time : undefined
}

/**
 * Reads a cell that holds only a time. Some chains write a full date there, whose day is ignored.
 * Null without a time.
 */
function readHour(cell: string): Time | null | undefined {
  const text = visibleText(cell)
  if (text === '') return null
  const [, time] = /^\d{4}-\d\d-\d\d[T ]+(.+)$/.exec(text) ?? []
  return readTime((time ?? text).replace(OFFSET, ''))
}

function offsetMs([, z, sign, hours, minutes]: RegExpExecArray): number {
  if (z !== undefined) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
