import type { PromotionTerms } from './promotion.ts'

/** Half a percent: chains round their rates to whole percents. */
const TOLERANCE = 50

/**
 * Returns the reading of unsettled terms that agrees with the stated rate. `agorot` for a kilogram
 * gives a rate of 1 − p/S of the shelf price; `agorot` for the whole weight gives 1 − p/(q·S).
 *
 * @param shelfAgorot the shelf price of a kilogram
 * @returns null when no rate is stated, or it agrees with neither reading, or with both and they
 *   differ
 */
export function settleWeight(
  terms: Pick<PromotionTerms, 'agorot' | 'quantity' | 'rate'>,
  shelfAgorot: number,
): 'price_per_kg' | 'bundle_price' | null {
  const { agorot, quantity, rate } = terms
  if (agorot === null || rate === null || quantity <= 0 || shelfAgorot <= 0) return null
  const perKilogram = agrees(rate, agorot / shelfAgorot)
  const forAll = agrees(rate, (agorot * 1000) / (quantity * shelfAgorot))
  if (perKilogram && forAll) return quantity === 1000 ? 'price_per_kg' : null
  return perKilogram ? 'price_per_kg' : forAll ? 'bundle_price' : null
}

function agrees(rate: number, share: number): boolean {
  return rate > 0 && Math.abs(rate - 10_000 * (1 - share)) <= TOLERANCE
}
