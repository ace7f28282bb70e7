import type { CellState } from '../../files/cell-state.ts'

/** The kind of a cell: a decimal number, a date (with or without a time) or other text. */
export type Kind = 'number' | 'date' | 'text'

const ZERO = 0x30
const NINE = 0x39
const DOT = 0x2e
const MINUS = 0x2d
const SLASH = 0x2f
const COLON = 0x3a
const SPACE = 0x20
const T = 0x54

/** The largest count of digits that a number holds exactly. */
const EXACT_DIGITS = 15

/** Reads a decimal number of at most 15 digits; NaN for any other text. */
export function readDecimal({ bytes, length }: CellState): number {
  let at = bytes[0] === MINUS ? 1 : 0
  const negative = at === 1
  let value = 0
  let digits = 0
  let scale = 0
  for (; at < length; at++) {
    const byte = bytes[at] as number
    if (byte === DOT && scale === 0) {
      scale = 1
      continue
    }
    if (byte < ZERO || byte > NINE) return Number.NaN
    value = value * 10 + (byte - ZERO)
    if (value > 0) digits++
    if (scale > 0) scale *= 10
    if (digits > EXACT_DIGITS) return Number.NaN
  }
  if (length === (negative ? 1 : 0) || (scale === 1 && length <= (negative ? 2 : 1)))
    return Number.NaN
  const size = scale > 1 ? value / scale : value
  return negative ? -size : size
}

/**
 * Reads a date as the number YYYYMMDDhhmmss; NaN for any other text. The forms are those of
 * dataset.md: `YYYY-MM-DD` or `DD/MM/YYYY`, an optional time after a space or a `T`, and optional
 * seconds and fractions or offsets.
 */
export function readDateKey(state: CellState): number {
  const { bytes, length } = state
  if (length < 10 || length > 35) return Number.NaN
  const yearFirst = isSeparator(bytes[4]) && bytes[4] === bytes[7]
  if (!yearFirst && !(bytes[2] === SLASH && bytes[5] === SLASH)) return Number.NaN
  const year = digitsAt(state, yearFirst ? 0 : 6, 4)
  const month = digitsAt(state, yearFirst ? 5 : 3, 2)
  const day = digitsAt(state, yearFirst ? 8 : 0, 2)
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31) return Number.NaN
  const date = (year * 100 + month) * 100 + day
  if (length === 10) return date * 1_000_000
  if (length < 16 || (bytes[10] !== SPACE && bytes[10] !== T) || bytes[13] !== COLON)
    return Number.NaN
  const hour = digitsAt(state, 11, 2)
  const minute = digitsAt(state, 14, 2)
  const second = bytes[16] === COLON && length >= 19 ? digitsAt(state, 17, 2) : 0
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return Number.NaN
  return ((date * 100 + hour) * 100 + minute) * 100 + second
}

function isSeparator(byte: number | undefined): boolean {
  return byte === MINUS || byte === SLASH
}

function digitsAt({ bytes }: CellState, at: number, count: number): number {
  let value = 0
  for (let i = at; i < at + count; i++) {
    const byte = bytes[i] as number
    if (byte < ZERO || byte > NINE) return -1
    value = value * 10 + (byte - ZERO)
  }
  return value
}

/** Formats the number of a date, without the time for midnight. */
export function formatDateKey(key: number): string {
  const [, year, month, day, hour, minute, second] =
    /^(....)(..)(..)(..)(..)(..)$/.exec(String(key).padStart(14, '0')) ?? []
  const date = `${year}-${month}-${day}`
  return key % 1_000_000 === 0 ? date : `${date} ${hour}:${minute}:${second}`
}

/** The length of a cell's text in characters. */
export function characters({ bytes, length }: CellState): number {
  let count = 0
  for (let at = 0; at < length; at++) if (((bytes[at] as number) & 0xc0) !== 0x80) count++
  return count
}
