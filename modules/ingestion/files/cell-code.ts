import { isDestroyed, isNoValue, visibleText } from './cell-text.ts'

/**
 * Why a cell has no code: it is empty, its letters are garbled, or a spreadsheet rounded its
 * digits.
 */
export type CodeFault = 'none' | 'unreadable' | 'rounded'

const SPREADSHEET_TEXT = /^=\s*"(.*)"$|^"(.*)"$|^'(.*)$/
const GROUPED = /^\d{1,3}(,\d{3})+$/
const EXPONENT = /^(\d)(?:\.(\d+))?E\+?(\d{1,3})$/i

/**
 * Reads the code of an item, a promotion, a chain or a store. Removes text direction marks, a
 * spreadsheet's `="…"`, thousands separators and `.0` around digits. `7.29E+12` has lost digits and
 * is an error; `7.290000000130E+12` has them all. Any other text is a code unchanged.
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

/** The reason that a row is rejected for. */
export function codeFault(fault: CodeFault, thing: string, text: string): string {
  if (fault === 'none') return `no ${thing}`
  if (fault === 'rounded') return `${article(thing)} whose digits a spreadsheet rounded: ${text}`
  return `${article(thing)} that cannot be read: ${text}`
}

function article(thing: string): string {
  return /^[aeiou]/.test(thing) ? `an ${thing}` : `a ${thing}`
}

/** Full chain ids by the shortened ids of some sources (docs/data-quality.md, "Codes"). */
const CUT_SHORT: Record<string, string> = {
  '72906390': '7290639000004',
  '72906': '7290696200003',
  '72908': '7290875100001',
}

/** The full chain id without leading zeros; null for text that is not a number. */
export function readChainId(cell: string): string | null {
  const read = readCode(cell)
  if (!('code' in read) || !/^\d{1,20}$/.test(read.code)) return null
  const id = read.code.replace(/^0+(?=\d)/, '')
  return CUT_SHORT[id] ?? id
}

/** A store number as a number (`001` is 1); null for other text. */
export function readStoreNumber(cell: string): number | null {
  const read = readCode(cell)
  return 'code' in read && /^\d{1,9}$/.test(read.code) ? Number(read.code) : null
}
