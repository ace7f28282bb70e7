import { readUnit, searchWords, sizesIn, sizeWord } from '../../catalog/index.ts'
import { readText } from '../files/cell-text.ts'

/** How much a package holds, as its row says; null where nothing does. */
export type Amount = { unit: ReturnType<typeof readUnit>; quantity: string | null }

/**
 * What the unit price on the same row says of an amount in kilograms or litres: it is one in grams or millilitres
 * (`small`), it is right (`same`), or nothing.
 */
export type AmountEvidence = 'small' | 'same' | null

const SMALL = { kilogram: 'gram', liter: 'milliliter' } as const
const MEASURED = ['gram', 'kilogram', 'milliliter', 'liter'] as const
/** The kilograms or litres that a row's unit price is asked about. */
const SMALLEST_DOUBTFUL = 10
/** Nothing that is sold to households holds more kilograms or litres. */
const LARGEST_PACKAGE = 30
/** Shekels: nothing is sold for less a kilogram or a litre. */
const LOWEST_UNIT_PRICE = 1
const TOLERANCE = 0.03

/** Whether a unit of measure is one whose amounts may really be in a smaller one. */
export function isLargeUnit(unitName: string | null): boolean {
  const unit = readUnit(readText(unitName))
  return unit === 'kilogram' || unit === 'liter'
}

/** Compares an amount with the price and the unit price of its row, in shekels. */
export function weighAmount(quantity: number, price: number, unitPrice: number): AmountEvidence {
  if (!(quantity >= SMALLEST_DOUBTFUL) || !(price > 0) || !(unitPrice > 0)) return null
  const units = price / unitPrice
  const isTimes = (factor: number) => Math.abs(quantity / (units * factor) - 1) <= TOLERANCE
  if (isTimes(100) || isTimes(1000)) return 'small'
  return isTimes(1) && unitPrice >= LOWEST_UNIT_PRICE ? 'same' : null
}

/**
 * Settles an amount whose unit is wrong. Some chains write `קילוגרם` for nearly all of their grams, others litres for
 * flakes. The name's size decides where it has the same number, then the row's own unit price. An amount that is too
 * large for a package, and that neither settles, is no amount.
 */
export function settleAmount(
  { unit, quantity }: Amount,
  { name, evidence }: { name: string | null; evidence: AmountEvidence },
): Amount {
  if (unit === null || quantity === null || unit === 'unit') return { unit, quantity }
  const sizes = new Set(name === null ? [] : sizesIn(searchWords(name)))
  const named = MEASURED.filter((one) => sizes.has(sizeWord(one, quantity) ?? ''))
  const [only] = named
  if (only !== undefined && named.length === 1) return { unit: only, quantity }
  if (unit !== 'kilogram' && unit !== 'liter') return { unit, quantity }
  if (named.includes(unit) || evidence === 'same') return { unit, quantity }
  if (evidence === 'small') return { unit: SMALL[unit], quantity }
  return Number(quantity) > LARGEST_PACKAGE ? { unit: null, quantity: null } : { unit, quantity }
}
