import { isNoValue, visibleText } from '../files/cell-text.ts'

const HEBREW = ['א', 'ב', 'ג', 'ד', 'ה', 'ו', 'ש']
const ENGLISH = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const WEEK = 7

/**
 * The weekdays of a promotion, 0 (Sunday) to 6, ascending; null for every day. The text has numbers
 * from 1, Hebrew letters or English names, as a list or a range (`א-ה`), or seven ones and zeros.
 * Undefined for any other text, such as hours.
 */
export function readWeekdays(cell: string | null): number[] | null | undefined {
  const text = cell === null ? '' : visibleText(cell).toLowerCase()
  if (isNoValue(text) || /^0+$/.test(text)) return null
  const days = /^[01]{7}$/.test(text) ? ofFlags(text) : ofNames(text)
  if (days === undefined || days.length === 0) return undefined
  const unique = [...new Set(days)].sort()
  return unique.length === WEEK ? null : unique
}

function ofFlags(text: string): number[] {
  return [...text].flatMap((flag, day) => (flag === '1' ? [day] : []))
}

function ofNames(text: string): number[] | undefined {
  const names = text.replace(/ימים|יום|["'׳״]/g, '').trim()
  const digits = /^[1-7]+$/.test(names) ? [...names] : null
  const days: number[] = []
  for (const part of digits ?? names.split(/[\s,;|+]+/)) {
    const [first, last = first, more] = part.split(/[-–]/).map(dayOf)
    if (first === undefined || last === undefined || more !== undefined || last < first)
      return undefined
    for (let day = first; day <= last; day++) days.push(day)
  }
  return days
}

function dayOf(name: string): number | undefined {
  if (/^[1-7]$/.test(name)) return Number(name) - 1
  const day = Math.max(HEBREW.indexOf(name), ENGLISH.indexOf(name.slice(0, 3)))
  return day < 0 ? undefined : day
}
