import { israelMoment } from '../../../src/israel-time.ts'
import { isDay } from './cell-date.ts'

/**
 * A day with an optional time: `-202602170010`, `-20250327-043907`, `_2026-02-17`, `-2026021704`.
 * Three digits after a separator are not a time.
 */
const STAMP =
  /(?<!\d)(\d{4})([-_.]?)(\d{2})\2(\d{2})(?:(\d{1,2})(\d{1,2})?(\d{1,2})?|[-_T. ](\d{2})(?:[:.]?(\d{2})[:.]?(\d{1,2})?)?)?(?!\d)/g

/**
 * The timestamp in a source file's name (`PriceFull7290058140886-001-202602170010`,
 * `…-001-206-20250327-043907.gz.xml`), in epoch milliseconds; null for none. The name has Israel
 * local time. A missing or shortened time gives the earliest possible one, so that it never sorts
 * after a complete one.
 */
export function readMoment(fileName: string): number | null {
  let moment: number | null = null
  for (const [, y, , m, d, ...time] of fileName.matchAll(STAMP)) {
    const day = { year: Number(y), month: Number(m), day: Number(d) }
    const parts = time[3] === undefined ? time.slice(0, 3) : time.slice(3)
    const [hour = 0, minute = 0, second = 0] = parts.map((part) =>
      Number((part ?? '').padEnd(2, '0')),
    )
    if (!isDay(day) || day.year < 2000 || day.year >= 2100) continue
    if (hour < 24 && minute < 60 && second < 60)
      moment = israelMoment(day.year, day.month, day.day, hour, minute, second)
  }
  return moment
}

/** Whether a text is the name of a source file: it begins with a letter and has a timestamp. */
export function isSourceFileName(text: string): boolean {
  return /^[a-z]/i.test(text) && readMoment(text) !== null
}
