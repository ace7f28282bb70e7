import { type Decision, decidePromotion, UNIT } from './decide-promotion.ts'
import { readDecimal } from './decimal.ts'
import type { PromotionTerms } from './promotion.ts'
import { NOT_COMPUTABLE, type RawPromotion } from './raw-promotion.ts'

/** Nobody limits a basket to more kilograms. */
const HEAVIEST_LIMIT = 100 * UNIT

/**
 * Decides what a promotion gives from its cells: by the numbers first, by the reward code second; what neither settles is
 * kept as not computable, with the reason. The description is never asked. Each rule is measured on real files
 * (docs/adr/0010-promotion-terms.md).
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

/** What keeps a promotion from being computed, whatever it gives. */
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
 * How much of its items a basket may have: units as they stand; a weight in kilograms, or, where it is a whole multiple of
 * the grams of `minqty`, that many kilograms (`30.00` with `0.01`: 3 kg). Null: no limit; undefined: nobody knows.
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
    return grams <= HEAVIEST_LIMIT ? grams : undefined
  }
  if (times > 0) return weighed ? undefined : readDecimal(String(times * quantity), 0)
  return null
}
