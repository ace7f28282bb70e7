import { createHash } from 'node:crypto'
import { type ChainDescription, readQuantity, readUnit, settleUnit } from '../../catalog/index.ts'
import { numberText, readFlag } from '../files/cell-number.ts'
import { readName, readText } from '../files/cell-text.ts'
import { type AmountEvidence, settleAmount } from './settle-amount.ts'

/**
 * What one chain says of a product, with a hash of the cells as they came, by which the wording is known again without a
 * look at it. Its own `hash` (a signed 64-bit number as text) is the same for the same words.
 */
export type Description = ChainDescription & { productId: number; wording: number }

/** The cells that describe a product, masking undone. */
export type DescriptionCells = {
  names: (string | null)[]
  manufacturer: string | null
  country: string | null
  unitName: string | null
  unitBasis: string | null
  quantity: string | null
  weighted: (string | null)[]
  /** What the row's own unit price says of the amount. */
  evidence: AmountEvidence
  unknown: Record<string, string | null>
}

/** Normalises what a row says of a product. */
export function describeProduct(
  from: Pick<Description, 'wording' | 'productId' | 'chainId' | 'firstObservedAt'>,
  cells: DescriptionCells,
): Description {
  const name = wholeName(cells.names)
  const manufacturer = readName(cells.manufacturer)
  const country = readName(cells.country)
  const unit = readUnit(readText(cells.unitName))
  const basis = readUnit(readText(cells.unitBasis))
  const readAmount = unit === null ? null : readQuantity(numberText(cells.quantity))
  const isWeighted = cells.weighted.map(readFlag).find((flag) => flag !== null) === true
  // what is weighed is sold by mass, whatever the basis says
  const readMeasure = (isWeighted ? unit : settleUnit(unit, basis)) ?? basis
  const amount = { unit: readMeasure, quantity: readAmount }
  const { unit: unitOfMeasure, quantity: unitQuantity } = isWeighted
    ? amount
    : settleAmount(amount, { name, evidence: cells.evidence })
  const known = Object.entries(cells.unknown).flatMap(([key, value]) => {
    const text = readText(value)
    return text === null ? [] : [[key, text] as const]
  })
  const words = JSON.stringify([
    name,
    manufacturer,
    country,
    unitOfMeasure,
    unitQuantity,
    isWeighted,
    known.sort(),
  ])
  const hash = createHash('sha256').update(words).digest().readBigInt64BE(0).toString()
  const extra = known.length > 0 ? Object.fromEntries(known) : null
  return {
    ...from,
    hash,
    name,
    manufacturer,
    country,
    unitOfMeasure,
    unitQuantity,
    isWeighted,
    extra,
  }
}

function firstName(cells: (string | null)[]): string | null {
  for (const cell of cells) {
    const name = readName(cell)
    if (name !== null) return name
  }
  return null
}

/** The first name, or where that is cut the longest text that begins with it. */
function wholeName(cells: (string | null)[]): string | null {
  const first = firstName(cells)
  let whole = first
  for (const cell of cells) {
    const text = firstName([cell])
    if (first === null || whole === null || text === null) continue
    if (text.startsWith(first) && text.length > whole.length) whole = text
  }
  return whole
}
