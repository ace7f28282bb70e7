import { readNumber } from './cell-number.ts'
import { type CellState, readAgorot, stateText } from './cell-state.ts'

/** A price in agorot (0: not for sale), or why it is unreadable. */
export function readPrice(cell: CellState): number | string {
  if (cell.empty) return 'no price'
  const plain = readAgorot(cell)
  if (plain >= 0) return plain
  const text = stateText(cell) ?? ''
  const number = readNumber(text)
  if ('fault' in number) {
    return number.fault === 'ambiguous'
      ? `a price that can be read in two ways: ${text}`
      : `a price that cannot be read: ${text}`
  }
  const bytes = Buffer.from(number.decimal)
  const agorot = readAgorot({ ...cell, bytes, length: bytes.length })
  return agorot >= 0 ? agorot : `a price that cannot be read: ${text}`
}
