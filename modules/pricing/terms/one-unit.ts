import type { PromotionTerms } from './promotion.ts'

/**
 * What terms make of the price S of one unit, or of one kilogram of weighed goods: `agorot`, where that is less than S;
 * S·(10000 − rate)/10000 rounded half up; or S − `off`, where that is not below 0. `goods` tells which goods it is for.
 */
export type OneUnit = ({ agorot: number } | { rate: number } | { off: number }) & {
  goods: 'units' | 'weighed' | 'any'
}

/**
 * The terms as they are for who buys one unit, or one kilogram, and nothing else, and is in no club: what `priceBasket`
 * makes of that basket on a day of theirs. null for terms that take more, for less than a unit, or of unsettled weight.
 */
export function oneUnit(terms: PromotionTerms): OneUnit | null {
  const { kind, quantity, agorot, rate, maxQuantity } = terms
  if (terms.notComputable !== null || terms.weightUnsettled) return null
  if (terms.clubs.length > 0 || terms.coupon || (terms.minBasketAgorot ?? 0) > 0) return null
  if (quantity > 1000 || (maxQuantity !== null && maxQuantity < 1000)) return null
  if (kind === 'percent_off') return rate === null ? null : { rate, goods: 'any' }
  if (kind === 'price_per_kg') return agorot === null ? null : { agorot, goods: 'weighed' }
  if (quantity !== 1000) return null
  if (kind === 'nth_unit') return rate === null ? null : { rate, goods: 'any' }
  if (kind === 'bundle_price') return agorot === null ? null : { agorot, goods: 'any' }
  return kind === 'amount_off' && agorot !== null ? { off: agorot, goods: 'units' } : null
}
