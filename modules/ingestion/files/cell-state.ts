import { isNoValueBytes } from './cell-text.ts'
import type { CsvRow } from './csv-rows.ts'

/**
 * The value of a column on the current row with masking undone: its bytes without quotes, and two
 * hashes of them.
 */
export type CellState = {
  cell: number
  carried: boolean
  /**
   * True after an unreadable row: the value that the rows below inherit in this column is unknown.
   */
  lost: boolean
  bytes: Buffer
  length: number
  hash: number
  hash2: number
  empty: boolean
}

const APOSTROPHE = 0x27
const QUOTE = 0x22
const SEED = 0x811c9dc5 | 0
const SEED_2 = 0x9747b28c | 0

export function cellState(cell: number, carried: boolean): CellState {
  return {
    cell,
    carried,
    lost: false,
    bytes: Buffer.alloc(64),
    length: 0,
    hash: 0,
    hash2: 0,
    empty: true,
  }
}

export function clearCell(state: CellState): void {
  state.lost = false
  state.empty = true
  state.length = 0
  state.hash = 0
  state.hash2 = 0
}

/**
 * Updates the state from a row. A value replaces it; `''` or a word for "nothing" clears it; an
 * empty cell keeps the inherited value.
 */
export function takeCell(state: CellState, row: CsvRow): void {
  const start = row.starts[state.cell] as number
  const end = row.ends[state.cell] as number
  if (start === end) {
    if (!state.carried) clearCell(state)
    return
  }
  state.lost = false
  const bytes = row.bytes
  if (end - start === 2 && bytes[start] === APOSTROPHE && bytes[start + 1] === APOSTROPHE)
    clearCell(state)
  else takeBytes(state, bytes, start, end)
}

function takeBytes(state: CellState, from: Buffer, start: number, end: number): void {
  if (end - start > state.bytes.length) state.bytes = Buffer.alloc((end - start) * 2)
  const to = state.bytes
  let hash = SEED
  let hash2 = SEED_2
  let length = 0
  let at = start
  let quoted = from[at] === QUOTE
  if (quoted) at++
  for (; at < end; at++) {
    const byte = from[at] as number
    if (quoted && byte === QUOTE && from[++at] !== QUOTE) {
      quoted = false
      at--
      continue
    }
    to[length++] = byte
    hash = Math.imul(hash ^ byte, 0x01000193)
    hash2 = Math.imul(hash2 + byte, 0x5bd1e995) ^ (hash2 >>> 15)
  }
  state.length = length
  state.hash = hash
  state.hash2 = hash2
  state.empty = false
  if (length === 0 || isNoValueBytes(to, length)) clearCell(state)
}

/** The text of the column on the current row, null for an empty one. */
export function stateText(state: CellState): string | null {
  return state.empty ? null : state.bytes.toString('utf8', 0, state.length)
}

const ZERO = 0x30
const NINE = 0x39
const DOT = 0x2e
const MINUS = 0x2d
const SPACE = 0x20
/** The largest count of digits that a number holds exactly. */
export const EXACT_DIGITS = 15

/** The value of a code of at most 15 digits, without leading zeros; -1 for any other text. */
export function readDigits(state: CellState): number {
  const { bytes, length } = state
  let value = 0
  let digits = 0
  for (let at = 0; at < length; at++) {
    const byte = bytes[at] as number
    if (byte < ZERO || byte > NINE) return -1
    if (digits > 0 || byte !== ZERO) digits++
    value = value * 10 + (byte - ZERO)
  }
  return length === 0 || digits > EXACT_DIGITS ? -1 : value
}

/** Limit of a price: 10 million shekels, in agorot. */
const DEAREST = 1_000_000_000

/**
 * Reads a price in shekels as exact agorot, rounded half up at the third decimal. Zero or less
 * gives 0 ("not for sale"). Text that is not a number, or over 10 million shekels, gives -1.
 */
export function readAgorot(state: CellState): number {
  const { bytes } = state
  let at = 0
  let end = state.length
  while (at < end && bytes[at] === SPACE) at++
  while (end > at && bytes[end - 1] === SPACE) end--
  const negative = bytes[at] === MINUS
  if (negative) at++
  let value = 0
  let digits = 0
  let decimals = -1
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === DOT && decimals < 0) {
      decimals = 0
      continue
    }
    if (byte < ZERO || byte > NINE) return -1
    digits++
    if (decimals >= 0) decimals++
    if (decimals <= 2) value = value * 10 + (byte - ZERO)
    else if (decimals === 3 && byte - ZERO >= 5) value++
    if (value > DEAREST) return -1
  }
  if (digits === 0) return -1
  if (negative) return 0
  for (let place = Math.max(decimals, 0); place < 2; place++) value *= 10
  return value > DEAREST ? -1 : value
}
