import { readDecimal } from './decimal.ts'
import type { PromotionKind, PromotionTerms } from './promotion.ts'

/** The cells of a promotion by meaning, whatever the dialect: texts as they came, null where there is nothing. */
export type RawPromotion = {
  rewardType: string | null
  discountType: string | null
  rate: string | null
  price: string | null
  minQuantity: string | null
  maxQuantity: string | null
  /** How many times a basket may have it. */
  redemptionLimit: string | null
  minPurchase: string | null
  weighted: string | null
  giftCount: string | null
  total: string | null
  clubs: string[]
  coupon: boolean
  startsAt: number | null
  endsAt: number | null
  itemCodes: readonly string[]
  giftCodes: readonly string[]
  giftPrices: readonly string[]
  /** How many different terms its parts have (the groups of dialect B). */
  parts: number
}

/** Why no price follows from a promotion: a fixed list, by which they are counted. */
export const NOT_COMPUTABLE = {
  noItems: 'no items',
  parts: 'parts with different terms',
  gift: 'a gift or a text, not a price',
  noNumbers: 'neither a price nor a rate',
  noQuantity: 'no quantity',
  unreadable: 'a number that cannot be read',
  free: 'free, and no coupon asked for',
  unsettled: 'neither its numbers nor its code settle what it gives',
  limit: 'a limit in units that are not known',
} as const

type Decision = {
  kind: PromotionKind
  quantity: number
  agorot?: number
  rate?: number
  weightUnsettled?: boolean
  notComputable?: string
}

/** A hundred percent, in hundredths of one. */
const ALL = 10_000
const UNIT = 1000
/** The least weight that a scale shows, which chains write where any weight will do: 10 grams. */
const ANY_WEIGHT = 10

/**
 * Decides what a promotion gives from its cells: by the numbers first, by the reward code second; what neither settles is
 * kept as not computable, with the reason. The description is never asked (docs/adr/0010-promotion-terms.md).
 */
export function readTerms(raw: RawPromotion): PromotionTerms {
  const decision = decide(raw)
  const max = readLimit(raw, decision)
  const minBasket = readDecimal(raw.minPurchase, 2)
  const reason = objection(raw) ?? decision.notComputable ?? (max === 'unknown' ? NOT_COMPUTABLE.limit : null)
  return {
    kind: decision.kind,
    notComputable: reason,
    quantity: decision.quantity,
    weightUnsettled: decision.weightUnsettled ?? false,
    agorot: decision.agorot ?? null,
    rate: decision.rate ?? null,
    maxQuantity: max === 'unknown' ? null : max,
    minBasketAgorot: minBasket !== null && minBasket > 0 ? minBasket : null,
    clubs: raw.clubs,
    coupon: raw.coupon,
    startsAt: raw.startsAt,
    endsAt: raw.endsAt,
  }
}

/** What keeps any promotion from being computed, whatever it gives. */
function objection({ itemCodes, parts }: RawPromotion): string | null {
  if (itemCodes.length === 0) return NOT_COMPUTABLE.noItems
  return parts > 1 ? NOT_COMPUTABLE.parts : null
}

function decide(raw: RawPromotion): Decision {
  const price = readDecimal(raw.price, 2)
  const rate = readRate(raw)
  const quantity = readDecimal(raw.minQuantity, 3)
  if (price !== null && price > 0 && raw.rewardType !== '0') return decidePrice(raw, { price, rate, quantity })
  if (rate !== null && rate > 0 && (price === null || price === 0)) return decideRate(raw, { rate, quantity })
  const code = raw.rewardType === '0' || raw.rewardType === '6'
  return {
    kind: code ? 'gift' : 'unknown',
    quantity: quantity ?? 0,
    notComputable:
      price !== null && price > 0 ? NOT_COMPUTABLE.unsettled : code ? NOT_COMPUTABLE.gift : NOT_COMPUTABLE.noNumbers,
  }
}

function decidePrice(
  raw: RawPromotion,
  { price, rate, quantity }: { price: number; rate: number | null; quantity: number | null },
): Decision {
  const agorot = price
  if (quantity === null || quantity <= 0)
    return { kind: 'bundle_price', quantity: 0, agorot, notComputable: NOT_COMPUTABLE.noQuantity }
  if (raw.weighted === '1') return { kind: 'price_per_kg', quantity, agorot }
  if (quantity <= ANY_WEIGHT) return { kind: 'price_per_kg', quantity, agorot }
  if (quantity % UNIT !== 0) {
    const told = rate !== null && rate > 0 && rate < ALL ? { rate } : {}
    return { kind: 'bundle_price', quantity, agorot, weightUnsettled: true, ...told }
  }
  return { kind: 'bundle_price', quantity, agorot }
}

function decideRate(raw: RawPromotion, { rate, quantity }: { rate: number; quantity: number | null }): Decision {
  const { discountType, rewardType, coupon } = raw
  if (quantity === null || quantity <= 0)
    return { kind: 'percent_off', quantity: 0, rate, notComputable: NOT_COMPUTABLE.noQuantity }
  if (discountType === '1') return { kind: 'amount_off', quantity, agorot: rate }
  if (rate > ALL) return { kind: 'unknown', quantity, rate, notComputable: NOT_COMPUTABLE.unsettled }
  const nth = rewardType === '7' || rewardType === '8' || rewardType === '9'
  if (nth && quantity >= 2 * UNIT && quantity % UNIT === 0) return { kind: 'nth_unit', quantity, rate }
  if (rate === ALL && !coupon) return { kind: 'percent_off', quantity, rate, notComputable: NOT_COMPUTABLE.free }
  return { kind: 'percent_off', quantity, rate }
}

/**
 * A rate in hundredths of a percent: chains write `50.00`, or `5000`. With discount type 1 it is an amount in agorot, as
 * it stands.
 */
function readRate({ rate, discountType }: RawPromotion): number | null {
  const hundredths = readDecimal(rate, 2)
  if (hundredths === null) return null
  if (discountType === '1' || hundredths > ALL) return readDecimal(rate, 0)
  return hundredths
}

/** How much of its items a basket may have: null for no limit. */
function readLimit({ maxQuantity, redemptionLimit }: RawPromotion, { quantity }: Decision): number | 'unknown' | null {
  const max = readDecimal(maxQuantity, 3)
  if (max !== null && max > 0) return max
  const times = readDecimal(redemptionLimit, 0)
  return times !== null && times > 0 ? times * quantity : null
}
