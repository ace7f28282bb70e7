const LETTERS = 'אבגדהוש'
const NAMES = ['ראשון', 'שני', 'שלישי', 'רביעי', 'חמישי', 'שישי', 'שבת']

/**
 * Reads the days of the week of a promotion: numbers from 1 (Sunday) to 7, apart or as a range (`1,2,5`, `1-5`), letters or
 * names of the days (`א,ב`, `ראשון`), or seven flags (`1111100`). No publisher documents the column.
 *
 * @returns the days, 0 (Sunday) to 6, in order; null for every day; undefined for a text that is none of these
 */
export function readWeekdays(text: string | null): number[] | null | undefined {
  if (text === null || /^0*$/.test(text.trim())) return null
  const days = /^[01]{7}$/.test(text.trim()) ? readFlags(text.trim()) : readList(text)
  if (days === undefined) return undefined
  return days.length === 7 ? null : days
}

function readFlags(flags: string): number[] {
  return [...flags].flatMap((flag, day) => (flag === '1' ? [day] : []))
}

function readList(text: string): number[] | undefined {
  const days = new Set<number>()
  for (const part of text.split(/[,;|\s]+/).filter((part) => part !== '')) {
    const [from = -1, to = from, ...rest] = part.split(/[-–]/).map(readDay)
    if (from < 0 || to < from || rest.length > 0) return undefined
    for (let day = from; day <= to; day++) days.add(day)
  }
  return [...days].sort()
}

function readDay(text: string): number {
  if (/^[1-7]$/.test(text)) return Number(text) - 1
  const word = text.replace(/['׳]/g, '')
  return word.length === 1 ? LETTERS.indexOf(word) : NAMES.indexOf(word)
}
