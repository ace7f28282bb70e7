import { readUnit, searchWords, sizesIn, sizeWord } from '../../catalog/index.ts'
import { readText } from '../files/cell-text.ts'

/** The amount in a package according to its row; null for unknown. */
export type Amount = { unit: ReturnType<typeof readUnit>; quantity: string | null }

/**
 * What the unit price of a row shows of an amount in kilograms or litres: it is really in grams or
 * millilitres (`small`), it is right (`same`), or unknown.
 */
export type AmountEvidence = 'small' | 'same' | null

const SMALL = { kilogram: 'gram', liter: 'milliliter' } as const
const MEASURED = ['gram', 'kilogram', 'milliliter', 'liter'] as const
/** Amounts in kilograms or litres that are compared with the unit price. */
const SMALLEST_DOUBTFUL = 10
/** The largest package for households, in kilograms or litres. */
const LARGEST_PACKAGE = 30
/** The lowest price of a kilogram or a litre, in shekels. */
const LOWEST_UNIT_PRICE = 1
const TOLERANCE = 0.03

/** Whether amounts in this unit may really be in a smaller unit. */
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
 * Corrects an amount in a wrong unit. Some chains write `קילוגרם` for most grams, others litres for
 * flakes. A size in the name with the same number decides first, then the row's unit price.
 * Otherwise an amount too large for a package is null.
 */
export function settleAmount(
  { unit, quantity }: Amount,
  { name, evidence }: { name: string | null; evidence: AmountEvidence },
): Amount {
  if (unit === null || quantity === null || unit === 'unit') return { unit, quantity }
  const sizes = new Set(name === null ? [] : sizesIn(searchWords(name)))
  const named = MEASURED.filter((candidate) => sizes.has(sizeWord(candidate, quantity) ?? ''))
  const [only] = named
  if (only !== undefined && named.length === 1) return { unit: only, quantity }
  if (unit !== 'kilogram' && unit !== 'liter') return { unit, quantity }
  if (named.includes(unit) || evidence === 'same') return { unit, quantity }
  if (evidence === 'small') return { unit: SMALL[unit], quantity }
  return Number(quantity) > LARGEST_PACKAGE ? { unit: null, quantity: null } : { unit, quantity }
}
