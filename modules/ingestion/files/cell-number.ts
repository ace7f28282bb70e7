import { visibleText } from './cell-text.ts'

/** Why a number cannot be used: it is invalid, or it has two readings (`1,234`). */
export type NumberFault = 'unreadable' | 'ambiguous'

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)$/
/** A currency sign before or after an amount in shekels. */
const SHEKELS = /^(?:₪|nis|ils|ש["״'׳]{0,2}ח\.?)\s*|\s*(?:₪|nis|ils|ש["״'׳]{0,2}ח\.?)$/gi
/** A space or an apostrophe between groups of three digits. */
const GROUPED_BY_BLANKS = /^([+-]?\d{1,3})((?:[ \u00A0\u2009\u202F'’]\d{3})+)([.,]\d{1,2})$/

/**
 * Reads a number as a decimal text with a point (`1,234.50 ₪` is `1234.50`); the digits do not
 * change. A comma is a decimal comma before one, two or more than three digits, and after a single
 * zero. It separates thousands where there are several commas, or a decimal point too. A single
 * comma before three digits, `1,234`, is ambiguous and an error. So are exponents and other
 * currencies.
 */
export function readNumber(text: string): { decimal: string } | { fault: NumberFault } {
  if (PLAIN.test(text)) return { decimal: text }
  const number = visibleText(text)
    .replace(SHEKELS, '')
    .replace(/^[−–]/, '-')
    .replace(/^([+-])\s+/, '$1')
  const decimal = toDecimal(number.replace(/\s+/g, ' '))
  if (decimal === 'ambiguous' || decimal === null)
    return { fault: decimal === null ? 'unreadable' : decimal }
  return { decimal }
}

function toDecimal(text: string): string | 'ambiguous' | null {
  if (PLAIN.test(text)) return text
  const blanks = GROUPED_BY_BLANKS.exec(text)
  if (blanks !== null)
    return `${blanks[1]}${(blanks[2] ?? '').replace(/\D/g, '')}${(blanks[3] ?? '').replace(',', '.')}`
  if (/^[+-]?\d{1,3}(,\d{3})+\.\d*$/.test(text) || /^[+-]?[1-9]\d{0,2}(,\d{3}){2,}$/.test(text))
    return text.replaceAll(',', '')
  if (/^[+-]?\d{1,3}(\.\d{3})+,\d*$/.test(text) || /^[+-]?[1-9]\d{0,2}(\.\d{3}){2,}$/.test(text))
    return text.replaceAll('.', '').replace(',', '.')
  if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) return 'ambiguous'
  return /^[+-]?\d*,\d+$/.test(text) ? text.replace(',', '.') : null
}

/**
 * The number of a cell as a decimal text. Other text is returned unchanged, for the error message.
 */
export function numberText(cell: string | null): string | null {
  if (cell === null) return null
  const number = readNumber(cell)
  return 'decimal' in number ? number.decimal : cell
}

const NO_WORDS = new Set(['false', 'no', 'n', 'f', 'לא'])
const YES_WORDS = new Set(['true', 'yes', 'y', 't', 'כן'])

/**
 * Reads a flag: true (`1`, `1.0`, `true`, `כן`), false (`0`, `false`, `לא`), or null for any other
 * text.
 */
export function readFlag(text: string | null): boolean | null {
  if (text === null) return null
  const word = visibleText(text).toLowerCase()
  if (YES_WORDS.has(word)) return true
  if (NO_WORDS.has(word) || /^0*(\.0*)?$/.test(word)) return false
  return /^0*1(\.0*)?$/.test(word) ? true : null
}
