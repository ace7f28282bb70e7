import { type Decision, decidePromotion, UNIT } from './decide-promotion.ts'
import { readDecimal } from './decimal.ts'
import type { PromotionTerms } from './promotion.ts'
import { NOT_COMPUTABLE, type RawPromotion } from './raw-promotion.ts'

/** The highest plausible limit: 100 kilograms. */
const MAX_LIMIT_GRAMS = 100 * UNIT

/**
 * Decides what a promotion gives from its cells: by the numbers first, by the reward code second.
 * If neither settles it, the promotion is not computable, with the reason. The description is not
 * used. Each rule was checked on real files (docs/adr/0010-promotion-terms.md).
 */
export function readTerms(raw: RawPromotion): PromotionTerms {
  const decision = decidePromotion(raw)
  const limit = readLimit(raw, decision)
  const minBasket = readDecimal(raw.minPurchase, 2) ?? 0
  const notComputable =
    objection(raw) ?? decision.notComputable ?? (limit === undefined ? NOT_COMPUTABLE.limit : null)
  return {
    kind: decision.kind,
    notComputable,
    quantity: decision.quantity,
    weightUnsettled: decision.weightUnsettled ?? false,
    agorot: decision.agorot ?? null,
    rate: decision.rate ?? null,
    maxQuantity: limit ?? decision.maxQuantity ?? null,
    minBasketAgorot: minBasket > 0 ? minBasket : null,
    clubs: raw.clubs,
    coupon: raw.coupon,
    startsAt: raw.startsAt,
    endsAt: raw.endsAt,
  }
}

/** The reason why a promotion cannot be computed, whatever it gives; null without one. */
function objection(raw: RawPromotion): string | null {
  if (raw.itemCodes.length === 0) return NOT_COMPUTABLE.noItems
  if (raw.parts > 1) return NOT_COMPUTABLE.parts
  const { price, minPurchase, minQuantity, maxQuantity, redemptionLimit } = raw
  const isUnreadable = (text: string | null, places: number) =>
    text !== null && readDecimal(text, places) === null
  const unreadable =
    isUnreadable(price, 2) ||
    isUnreadable(minPurchase, 2) ||
    isUnreadable(minQuantity, 3) ||
    isUnreadable(maxQuantity, 0) ||
    isUnreadable(redemptionLimit, 0)
  return unreadable ? NOT_COMPUTABLE.unreadable : null
}

/**
 * The maximum quantity of items in a basket. Units are used as they are. A weight is in kilograms,
 * unless it is a whole multiple of the grams of `minqty`: then it is that many kilograms (`30.00`
 * with `0.01`: 3 kg). Null: no limit; undefined: unknown.
 */
function readLimit(
  raw: RawPromotion,
  { kind, quantity, weightUnsettled }: Decision,
): number | null | undefined {
  const weighed = kind === 'price_per_kg' || weightUnsettled || quantity % UNIT !== 0
  const max = readDecimal(raw.maxQuantity, 3) ?? 0
  const times = readDecimal(raw.redemptionLimit, 0) ?? 0
  if (max > 0) {
    if (!weighed) return max
    const kilograms = max / (UNIT * quantity)
    const grams = Number.isInteger(kilograms) ? kilograms * UNIT : max
    return grams <= MAX_LIMIT_GRAMS ? grams : undefined
  }
  if (times > 0) return weighed ? undefined : readDecimal(String(times * quantity), 0)
  return null
}
