/**
 * Israel time (Asia/Jerusalem). The source files use local time, and the API returns times with an
 * offset.
 */
const ZONE = 'Asia/Jerusalem'
const HOUR = 3_600_000
const format = new Intl.DateTimeFormat('en-US', {
  timeZone: ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** The offsets by hour. Offsets change on whole hours, so Intl is called once per hour of data. */
const offsets = new Map<number, number>()

/**
 * Returns Israel's offset from UTC at a time, in milliseconds (7,200,000 in winter, 10,800,000 in
 * summer).
 */
export function israelOffset(epochMs: number): number {
  const hour = Math.floor(epochMs / HOUR)
  const known = offsets.get(hour)
  if (known !== undefined) return known
  const parts: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(hour * HOUR)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour: h = 0, minute = 0, second = 0 } = parts
  const offset = Date.UTC(year, month - 1, day, h, minute, second) - hour * HOUR
  if (offsets.size > 10_000) offsets.clear()
  offsets.set(hour, offset)
  return offset
}

/**
 * Converts a local time in Israel to epoch milliseconds. A time that occurs twice (autumn) means
 * the first one. A time that does not exist (spring) is read with the offset before the change.
 */
export function israelMoment(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
): number {
  const wall = Date.UTC(year, month - 1, day, hour, minute, second)
  const early = wall - israelOffset(wall - 3 * HOUR)
  const late = wall - israelOffset(wall)
  if (early + israelOffset(early) === wall) return early
  return late + israelOffset(late) === wall ? late : early
}

/** Returns the calendar date in Israel at a time, as `YYYY-MM-DD`. */
export function israelDate(epochMs: number): string {
  return israelIso(epochMs).slice(0, 10)
}

/** Caches formatted times: millions of prices share the few times of their lists. */
const isoTexts = new Map<number, string>()
const MAX_ISO_TEXTS = 50_000

/** Formats a time as ISO 8601 with Israel's offset, to the second: `2026-08-09T03:00:00+03:00`. */
export function israelIso(epochMs: number): string {
  const cached = isoTexts.get(epochMs)
  if (cached !== undefined) return cached
  const offset = israelOffset(epochMs)
  const hours = String(offset / HOUR).padStart(2, '0')
  const iso = `${new Date(epochMs + offset).toISOString().slice(0, 19)}+${hours}:00`
  if (isoTexts.size > MAX_ISO_TEXTS) isoTexts.clear()
  isoTexts.set(epochMs, iso)
  return iso
}

/** Returns the start of the day in Israel that is `after` days after `day` (`YYYY-MM-DD`). */
export function israelDayStart(day: string, after = 0): Date {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  return new Date(israelMoment(year, month, date + after))
}
