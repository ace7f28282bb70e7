import type { PromotionTerms } from './promotion.ts'
import { roundHalfUp } from './rounding.ts'

/**
 * The price of one unit, or of one kilogram of weighed goods, that costs S on the shelf: `agorot`, where that is less than
 * S; S·(10000 − rate)/10000 rounded half up; or S − `off`, where that is not below 0. It is for these `goods` only.
 */
export type OneUnit = (
  | { agorot: number }
  | { rate: number }
  | { off: number }
  | { itemAgorot: Readonly<Record<string, number>> }
) & {
  goods: 'units' | 'weighed' | 'any'
}

/**
 * The terms for anyone who buys one unit, or one kilogram, and nothing else: what `priceBasket` makes of that basket on a
 * day on which they hold. null for terms that take more, that hold on some days of the week only, or of unsettled weight.
 */
export function oneUnit(terms: PromotionTerms): OneUnit | null {
  const { kind, quantity, agorot, rate, maxQuantity, weightReading, weekdays } = terms
  if (terms.notComputable !== null || terms.weightUnsettled) return null
  if (terms.clubs.length > 0 || terms.coupon || (terms.minBasketAgorot ?? 0) > 0) return null
  if (weekdays && weekdays.length < 7) return null
  if (quantity > 1000 || (maxQuantity !== null && maxQuantity < 1000)) return null
  if (kind === 'percent_off') return rate === null ? null : { rate, goods: 'any' }
  if (kind === 'price_per_kg') return agorot === null ? null : { agorot, goods: 'weighed' }
  if (weightReading === 'quantity' && agorot !== null && quantity > 0)
    return { agorot: roundHalfUp(agorot * 1000, quantity), goods: 'weighed' }
  if (quantity !== 1000) return null
  if (kind === 'nth_unit') return rate === null ? null : { rate, goods: 'any' }
  if (kind === 'bundle_price' && terms.itemAgorot)
    return { itemAgorot: terms.itemAgorot, goods: 'any' }
  if (kind === 'bundle_price') return agorot === null ? null : { agorot, goods: 'any' }
  return kind === 'amount_off' && agorot !== null ? { off: agorot, goods: 'units' } : null
}
