import type { PromotionTerms } from './promotion.ts'
import { roundHalfUp } from './rounding.ts'

/**
 * The price of one unit, or one kilogram of weighed goods, with the shelf price S: `agorot`, if
 * that is less than S; S·(10000 − rate)/10000 rounded half up; or S − `off`, if that is not below
 * 0. It applies only to these `goods`.
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
 * The effect of the terms for any shopper who buys one unit, or one kilogram, and nothing else: the
 * result of `priceBasket` for that basket on a day on which they apply. Null for terms that need
 * more, that apply only on some days of the week, or of unsettled weight.
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
