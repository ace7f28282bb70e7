import { isDestroyed, isNoValue, visibleText } from './cell-text.ts'

/** Why a cell has no code: it says nothing, its letters are destroyed, or a spreadsheet rounded its digits. */
export type CodeFault = 'none' | 'unreadable' | 'rounded'

const SPREADSHEET_TEXT = /^=\s*"(.*)"$|^"(.*)"$|^'(.*)$/
const GROUPED = /^\d{1,3}(,\d{3})+$/
const EXPONENT = /^(\d)(?:\.(\d+))?E\+?(\d{1,3})$/i

/**
 * Reads a code: of an item, a promotion, a chain or a store. Digits stay digits when marks of text direction,
 * a spreadsheet's `="…"`, thousands separators or `.0` stand around them. `7.29E+12` has lost digits and is refused;
 * `7.290000000130E+12` still has them all. Any other text is a code as it stands.
 */
export function readCode(text: string): { code: string } | { fault: CodeFault } {
  const quoted = SPREADSHEET_TEXT.exec(visibleText(text))
  const code = visibleText(quoted === null ? text : (quoted[1] ?? quoted[2] ?? quoted[3] ?? ''))
  if (isNoValue(code)) return { fault: 'none' }
  if (isDestroyed(code)) return { fault: 'unreadable' }
  const narrow = code.normalize('NFKC')
  if (/^\d+$/.test(narrow)) return { code: narrow }
  if (GROUPED.test(narrow)) return { code: narrow.replaceAll(',', '') }
  const [, whole] = /^(\d+)[.,]0*$/.exec(narrow) ?? []
  if (whole !== undefined) return { code: whole }
  const [, first = '', rest = '', exponent] = EXPONENT.exec(narrow) ?? []
  if (exponent === undefined) return { code }
  const missing = Number(exponent) - rest.replace(/0+$/, '').length
  const isWhole = rest.length >= Number(exponent) && missing >= 0
  return isWhole ? { code: `${first}${rest.slice(0, Number(exponent))}` } : { fault: 'rounded' }
}

/** What a row is rejected for. */
export function codeFault(fault: CodeFault, thing: string, text: string): string {
  if (fault === 'none') return `no ${thing}`
  if (fault === 'rounded') return `${article(thing)} whose digits a spreadsheet rounded: ${text}`
  return `${article(thing)} that cannot be read: ${text}`
}

function article(thing: string): string {
  return /^[aeiou]/.test(thing) ? `an ${thing}` : `a ${thing}`
}

/** Chain ids that some sources cut short (docs/data-quality.md, "Codes"). */
const CUT_SHORT: Record<string, string> = {
  '72906390': '7290639000004',
  '72906': '7290696200003',
  '72908': '7290875100001',
}

/** A chain id as it should be, without leading zeros; null when it is no number. */
export function readChainId(cell: string): string | null {
  const read = readCode(cell)
  if (!('code' in read) || !/^\d{1,20}$/.test(read.code)) return null
  const id = read.code.replace(/^0+(?=\d)/, '')
  return CUT_SHORT[id] ?? id
}

/** A store number, compared as a number (`001` is 1); null when it is none. */
export function readStoreNumber(cell: string): number | null {
  const read = readCode(cell)
  return 'code' in read && /^\d{1,9}$/.test(read.code) ? Number(read.code) : null
}
