import { israelIso, israelMoment } from '../israel-time.ts'
import { invalid } from './app-error.ts'

const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?(Z|[+ -]\d{2}:\d{2})?)?$/
const MINUTE = 60_000

/**
 * Reads a moment: ISO 8601, in Israel's local time unless it carries an offset (whose `+` may have become a space in the
 * URL). A date alone is the day's first moment as a `start`, and the first moment of the day after as an `end`.
 *
 * @throws AppError VALIDATION_ERROR naming the field
 */
export function readMoment(field: string, text: string, edge: 'start' | 'end'): Date {
  const parts = DATE.exec(text)
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (parts ?? [])
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const isReal =
    new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day && month >= 1 && month <= 12 && year >= 1970
  if (parts === null || !isReal || hour > 23 || minute > 59 || second > 59) {
    throw invalid({ field, message: 'must be a date or a moment such as 2026-08-20 or 2026-08-20T03:00:00+03:00' })
  }
  if (parts[4] === undefined) return new Date(israelMoment(year, month, edge === 'end' ? day + 1 : day))
  const milliseconds = Number((parts[7] ?? '').padEnd(3, '0'))
  const offset = parts[8]
  if (offset === undefined) return new Date(israelMoment(year, month, day, hour, minute, second) + milliseconds)
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second) + milliseconds - offsetOf(offset))
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6))
  return (text.startsWith('-') ? -minutes : minutes) * MINUTE
}

/** A moment as the API tells it: with Israel's offset. */
export function tellMoment(moment: Date): string {
  return israelIso(moment.getTime())
}
