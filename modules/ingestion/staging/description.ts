import { createHash } from 'node:crypto'
import { type ChainDescription, readQuantity, readUnit, settleUnit } from '../../catalog/index.ts'
import { numberText, readFlag } from '../files/cell-number.ts'
import { readName, readText } from '../files/cell-text.ts'
import { type AmountEvidence, settleAmount } from './settle-amount.ts'

/**
 * One chain's description of a product, with a hash of the raw cells, which recognises the same
 * wording without reading it. `hash` (a signed 64-bit number as text) is equal for equal
 * descriptions.
 */
export type Description = ChainDescription & { productId: number; wording: number }

/** The cells that describe a product, with masking undone. */
export type DescriptionCells = {
  names: (string | null)[]
  manufacturer: string | null
  country: string | null
  unitName: string | null
  unitBasis: string | null
  quantity: string | null
  weighted: (string | null)[]
  /** The result of comparing the amount with the row's unit price. */
  evidence: AmountEvidence
  unknown: Record<string, string | null>
}

/** Normalises the description of a product in a row. */
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
  // weighed products are sold by mass; the basis in the row is ignored
  const readMeasure = (isWeighted ? unit : settleUnit(unit, basis)) ?? basis
  const amount = { unit: readMeasure, quantity: readAmount }
  const { unit: unitOfMeasure, quantity: unitQuantity } = isWeighted
    ? amount
    : settleAmount(amount, { name, evidence: cells.evidence })
  const extraEntries = Object.entries(cells.unknown).flatMap(([key, value]) => {
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
    extraEntries.sort(),
  ])
  const hash = createHash('sha256').update(words).digest().readBigInt64BE(0).toString()
  const extra = extraEntries.length > 0 ? Object.fromEntries(extraEntries) : null
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

/** The first name, or the longest text that begins with it if the name is cut. */
function wholeName(cells: (string | null)[]): string | null {
  const first = firstName(cells)
  let longest = first
  for (const cell of cells) {
    const text = firstName([cell])
    if (first === null || longest === null || text === null) continue
    if (text.startsWith(first) && text.length > longest.length) longest = text
  }
  return longest
}
