import { israelIso, israelMoment } from '../../israel-time.ts'
import { invalid } from './app-error.ts'

const DAY =
  '20(?:[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|' +
  '02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[02468][048]|[13579][26])-02-29)'
const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,9})?)?'
const OFFSET = '(?:Z|[+ -](?:0[0-9]|1[0-4]):[0-5][0-9])'
/** An existing calendar day between 2000 and 2099. */
export const DAY_PATTERN = `^${DAY}$`
/** An existing day, with or without a time. */
export const MOMENT_PATTERN = `^${DAY}(?:[T ]${TIME}${OFFSET}?)?$`

const PARTS = /^(\d{4})-(\d{2})-(\d{2})(?:.(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?(.+)?)?$/
const IS_MOMENT = new RegExp(MOMENT_PATTERN)
const MINUTE = 60_000

/** Describes a valid timestamp for error messages. */
export const MOMENT_WORDS = 'a date or a moment such as 2026-08-20 or 2026-08-20T03:00:00+03:00'

/**
 * Reads an ISO 8601 timestamp, in Israel time unless it has an offset (whose `+` may have become a
 * space in the URL). A date alone means the start of the day for `start`, and the start of the next
 * day for `end`.
 *
 * @throws AppError VALIDATION_ERROR with the name of the field
 */
export function readMoment(field: string, text: string, edge: 'start' | 'end'): Date {
  const parts = IS_MOMENT.test(text) ? PARTS.exec(text) : null
  if (parts === null) throw invalid({ field, message: `must be ${MOMENT_WORDS}` })
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  if (parts[4] === undefined)
    return new Date(israelMoment(year, month, edge === 'end' ? day + 1 : day))
  const milliseconds = Number((parts[7] ?? '').padEnd(3, '0'))
  const offset = parts[8]
  if (offset === undefined)
    return new Date(israelMoment(year, month, day, hour, minute, second) + milliseconds)
  return new Date(
    Date.UTC(year, month - 1, day, hour, minute, second) + milliseconds - offsetOf(offset),
  )
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(4, 6))
  return (text.startsWith('-') ? -minutes : minutes) * MINUTE
}

/** Formats a timestamp for the API, with Israel's offset. */
export function formatTimestamp(moment: Date): string {
  return israelIso(moment.getTime())
}
