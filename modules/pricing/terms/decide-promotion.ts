import { readDecimal } from './decimal.ts'
import type { PromotionKind } from './promotion.ts'
import { FULL_RATE, type Rate, readPercent, readRate } from './promotion-rate.ts'
import { isNthUnit, NOT_COMPUTABLE, type RawPromotion } from './raw-promotion.ts'

/** What a promotion gives, before its conditions. */
export type Decision = {
  kind: PromotionKind
  quantity: number
  agorot?: number
  rate?: number
  weightUnsettled?: true
  maxQuantity?: number
  notComputable?: string
}

/** One unit, or one kilogram. */
export const UNIT = 1000
/**
 * The quantity that chains write if any weight is allowed: 10 grams, the smallest step of a scale.
 */
const ANY_WEIGHT = 10

/** Decides what a promotion gives: by the numbers first, by the reward code second. */
export function decidePromotion(raw: RawPromotion): Decision {
  const price = readDecimal(raw.price, 2)
  const quantity = readDecimal(raw.minQuantity, 3) ?? 0
  const code = raw.rewardType
  if (code === '0') return { kind: 'unknown', quantity, notComputable: NOT_COMPUTABLE.unsettled }
  if (code === '6') return decideGift(raw, quantity)
  if (price !== null && price > 0) return decidePriced(raw, { price, quantity })
  const rate = readRate(raw)
  if (rate === undefined)
    return { kind: 'unknown', quantity, notComputable: NOT_COMPUTABLE.rateUnit }
  if (rate.value > 0) return decideRated(raw, { ...rate, quantity })
  if (code === '7') return decideNth(raw, { value: FULL_RATE, quantity })
  return { kind: 'unknown', quantity, notComputable: NOT_COMPUTABLE.noNumbers }
}

/**
 * Reward 6 is a gift. Rami Levy also uses it for a "gift" of the bought items themselves at a price
 * per kilogram, with at most `additionalgiftcount` grams.
 */
function decideGift(
  { itemCodes, giftCodes, giftPrices, giftCount }: RawPromotion,
  quantity: number,
): Decision {
  const agorot = giftPrices.length === 1 ? readDecimal(giftPrices[0] ?? null, 2) : null
  const grams = readDecimal(giftCount, 0)
  const itself = giftCodes.length > 0 && giftCodes.join() === itemCodes.join()
  if (
    !itself ||
    agorot === null ||
    agorot <= 0 ||
    grams === null ||
    grams < UNIT ||
    grams * UNIT !== quantity
  ) {
    return { kind: 'gift', quantity, notComputable: NOT_COMPUTABLE.gift }
  }
  return { kind: 'price_per_kg', quantity: ANY_WEIGHT, agorot, maxQuantity: grams }
}

/**
 * Decides a promotion with a price: a price of `quantity` units together, or of a kilogram of
 * weighed goods.
 */
function decidePriced(
  raw: RawPromotion,
  { price, quantity }: { price: number; quantity: number },
): Decision {
  const agorot = price
  const percent = readPercent(raw.rate)
  if (quantity <= 0)
    return { kind: 'bundle_price', quantity, agorot, notComputable: NOT_COMPUTABLE.noQuantity }
  if (raw.rewardType === '2') {
    // the price is that of one of its items; the others have the same percentage off
    if (percent !== null && quantity <= UNIT)
      return { kind: 'percent_off', quantity, rate: percent }
    return { kind: 'unknown', quantity, agorot, notComputable: NOT_COMPUTABLE.unsettled }
  }
  if (isNthUnit(raw.rewardType))
    return { kind: 'unknown', quantity, agorot, notComputable: NOT_COMPUTABLE.unsettled }
  if (raw.weighted === '1' || quantity <= ANY_WEIGHT)
    return { kind: 'price_per_kg', quantity, agorot }
  if (quantity % UNIT === 0) return { kind: 'bundle_price', quantity, agorot }
  const unsettled = { kind: 'bundle_price', quantity, agorot, weightUnsettled: true } as const
  return percent === null
    ? { ...unsettled, notComputable: NOT_COMPUTABLE.weight }
    : { ...unsettled, rate: percent }
}

/** Decides a promotion with a rate and no price. */
function decideRated(
  raw: RawPromotion,
  { value, amount, quantity }: Rate & { quantity: number },
): Decision {
  const { rewardType: code, coupon } = raw
  if (amount) {
    if (quantity >= UNIT) return { kind: 'amount_off', quantity, agorot: value }
    return { kind: 'amount_off', quantity, agorot: value, notComputable: NOT_COMPUTABLE.noQuantity }
  }
  const percent = { kind: 'percent_off', quantity, rate: value } as const
  if (quantity <= 0) return { ...percent, notComputable: NOT_COMPUTABLE.noQuantity }
  if (isNthUnit(raw.rewardType) && quantity >= 2 * UNIT) return decideNth(raw, { value, quantity })
  if (value === FULL_RATE && !coupon) return { ...percent, notComputable: NOT_COMPUTABLE.free }
  if (value === FULL_RATE && (code === '2' || code === '10'))
    return { ...percent, maxQuantity: quantity }
  if (value < FULL_RATE && code !== '3' && (quantity <= UNIT || code === '1')) return percent
  return { ...percent, notComputable: NOT_COMPUTABLE.unsettled }
}

/**
 * "1+1": one of every 2 units is free. `additionalgiftcount` states that several units of a group
 * are free.
 */
function decideNth(
  { giftCount }: RawPromotion,
  { value, quantity }: { value: number; quantity: number },
): Decision {
  const single = (readDecimal(giftCount, 0) ?? 0) <= 1
  const whole = quantity >= 2 * UNIT && quantity % UNIT === 0
  const terms = { kind: 'nth_unit', quantity, rate: value } as const
  return single && whole ? terms : { ...terms, notComputable: NOT_COMPUTABLE.unsettled }
}
