import type { PromotionTerms } from '../terms/promotion.ts'
import type { DescribedPrice, DescribedTerms } from './described-terms.ts'

/**
 * Why the price in a description differs from the cell although both mean the same. The cell is
 * without VAT (stores in Eilat), only one of them includes the bottle deposit, one is rounded, or
 * the description lacks the decimal point.
 */
export const DIFFERENCES = ['vat', 'deposit', 'rounding', 'decimal_point'] as const
export type Difference = (typeof DIFFERENCES)[number]

const DEPOSIT_AGOROT = 30
const STATES_DEPOSIT = /פי?קדון|כולל/
const DRINK =
  /משק[הא]|מיץ|מוגז|ביר[הות]|סודה|מים|נקטר|פריגת|קולה|פפסי|שוופס|שייק|גזוז|טוניק|פחי|בקבוק/
const MAX_BOTTLES = 24
const MAX_BOTTLES_UNSTATED = 6
/** The VAT rate is 18% since 2025. Cells without VAT are rounded to 10 agorot. */
const WITH_VAT = 1.18
const VAT_ROUNDING = 10
/**
 * The tolerance for rounding: `2 ב 12` is 11.99 at some chains, `3 קג ב 100` is 33.33 a kilogram.
 */
const EXACT = 2
const ROUNDING = 10
export type PriceComparison = { same: boolean; difference: Difference | null }

/** Compares a price with the prices that a description states; null when it states none. */
export function comparePrice(
  terms: PromotionTerms,
  { prices, counts }: Pick<DescribedTerms, 'prices' | 'counts'>,
  description: string,
): PriceComparison | null {
  if (prices.length === 0) return null
  // "0 ב 8" is the end of a name and a price: no offer is for 0 units
  const stated = prices.map((price) =>
    price.quantity === 0 ? { ...price, quantity: null } : price,
  )
  const readings = stated.map((price) => readingOf(terms, price, { counts, description }))
  if (readings.includes('same')) return { same: true, difference: null }
  const difference = readings.find((one) => one !== null && one !== 'same') ?? null
  return { same: difference !== null, difference: difference as Difference | null }
}

type Text = { counts: readonly number[]; description: string }

function readingOf(
  { kind, quantity, agorot, weightUnsettled }: PromotionTerms,
  price: DescribedPrice,
  { counts, description }: Text,
): Difference | 'same' | null {
  if (agorot === null) return null
  const units = quantity / 1000
  if (kind === 'price_per_kg' || weightUnsettled || !Number.isInteger(units)) {
    // where the text states the price of 2 kg, the cell may have that of 1.85 kg or of 1 kg
    const kilogram = (price.agorot * 1000) / (price.quantity ?? 1000)
    const isRounded = Math.abs(agorot - kilogram) <= (ROUNDING * 1000) / (price.quantity ?? 1000)
    return (
      differenceOf(agorot, kilogram) ??
      differenceOf(agorot, (kilogram * quantity) / 1000) ??
      (price.quantity === null ? null : differenceOf(agorot, price.agorot)) ??
      (isRounded ? 'rounding' : null)
    )
  }
  const isSameQuantity =
    price.quantity === null
      ? units === 1 || counts.includes(units)
      : price.quantity === quantity || price.run?.startsWith(String(units)) === true
  if (!isSameQuantity) return null
  return differenceOf(agorot, price.agorot, depositsOf(description, units))
}

/**
 * The differences that deposits may cause between a cell's price and the stated price. If the text
 * does not mention a deposit, it is the deposit of the stated units. For drinks, either price may
 * include it, also for packs of six.
 */
function depositsOf(description: string, units: number): number[] {
  const isStated = STATES_DEPOSIT.test(description)
  if (!isStated && !DRINK.test(description)) return [-units * DEPOSIT_AGOROT]
  const most = isStated ? MAX_BOTTLES : MAX_BOTTLES_UNSTATED
  return Array.from({ length: most }, (_, i) => (i + 1) * units * DEPOSIT_AGOROT).flatMap(
    (deposit) => [deposit, -deposit],
  )
}

function differenceOf(
  agorot: number,
  stated: number,
  deposits: readonly number[] = [],
): Difference | 'same' | null {
  const apart = agorot - stated
  if (Math.abs(apart) <= EXACT) return 'same'
  if (deposits.includes(apart)) return 'deposit'
  if (Math.abs(agorot - stated / WITH_VAT) <= VAT_ROUNDING) return 'vat'
  const isVatBesideDeposit = deposits.some((deposit) => {
    return Math.abs(agorot - deposit - (stated - deposit) / WITH_VAT) <= VAT_ROUNDING
  })
  if (isVatBesideDeposit) return 'vat'
  if (Math.abs(apart) <= ROUNDING) return 'rounding'
  return stated === agorot * 100 ? 'decimal_point' : null
}
