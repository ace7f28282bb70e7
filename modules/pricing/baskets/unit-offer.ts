import type { Promotion } from '../terms/promotion.ts'
import { roundHalfUp } from '../terms/rounding.ts'

/**
 * A promotion in the form that applies to whole units. Each unit it takes saves `value` of its
 * shelf price. Each group of `size` costs `fee` (a bundle saves the whole price of its units and
 * costs the bundle price). The cheapest unit of each group saves `cheapest`.
 */
export type UnitOffer = {
  promotion: Promotion
  size: number
  /** The minimum and maximum number of units it takes, in whole groups. */
  least: number
  most: number
  value: (shelfAgorot: number) => number
  fee: number
  cheapest: ((shelfAgorot: number) => number) | null
  /** Whether a unit with this shelf price may be included. */
  admits: (shelfAgorot: number) => boolean
}

/** The price of a unit after the rate is taken off, rounded half up. */
export function rateOff(agorot: number, rate: number): number {
  return roundHalfUp(agorot * (10_000 - rate), 10_000)
}

/** @returns the reason, when the promotion cannot be applied to whole units */
export function unitOffer(promotion: Promotion): UnitOffer | string {
  const { kind, quantity, maxQuantity, agorot, rate } = promotion
  if (promotion.weightUnsettled || kind === 'price_per_kg')
    return 'a price by weight, of goods sold by the unit'
  const limit = maxQuantity === null ? Number.POSITIVE_INFINITY : Math.floor(maxQuantity / 1000)
  const saving = (shelf: number) => shelf - rateOff(shelf, rate ?? 0)
  if (rate !== null && (kind === 'percent_off' || (kind === 'nth_unit' && quantity === 1000))) {
    const least = Math.max(1, Math.ceil(quantity / 1000))
    return { ...PLAIN, promotion, least, most: limit, value: saving }
  }
  if (quantity <= 0 || quantity % 1000 !== 0)
    return 'it counts parts of a unit, of goods sold by the unit'
  const size = quantity / 1000
  const most = limit === Number.POSITIVE_INFINITY ? limit : limit - (limit % size)
  const group = { ...PLAIN, promotion, size, least: size, most }
  if (agorot !== null && kind === 'bundle_price')
    return { ...group, value: (shelf) => shelf, fee: agorot }
  if (agorot !== null && kind === 'amount_off') {
    return { ...group, fee: -agorot, admits: (shelf) => shelf * size >= agorot }
  }
  if (rate !== null && kind === 'nth_unit') return { ...group, cheapest: saving }
  return 'it tells no price'
}

const PLAIN = { size: 1, value: () => 0, fee: 0, cheapest: null, admits: () => true }

/** An upper bound of the saving that a unit adds, in any combination. */
export function shareOf(
  { size, value, fee, cheapest, admits }: UnitOffer,
  shelfAgorot: number,
): number {
  if (!admits(shelfAgorot)) return 0
  return value(shelfAgorot) + ((cheapest?.(shelfAgorot) ?? 0) - fee) / size
}

/**
 * Whether the offer applies to each unit separately without a limit. Such an offer never blocks
 * another promotion.
 */
export function isPlain({ size, least, most }: UnitOffer): boolean {
  return size === 1 && least === 1 && most === Number.POSITIVE_INFINITY
}

/** Whether this offer always saves at least as much as `other`, for products that both name. */
export function dominates(offer: UnitOffer, other: UnitOffer): boolean {
  const [a, b] = [offer.promotion, other.promotion]
  if (offer.most !== Number.POSITIVE_INFINITY || a.kind !== b.kind) return false
  if (offer.size !== other.size || offer.least > other.least) return false
  if (a.kind === 'bundle_price') return (a.agorot ?? 0) <= (b.agorot ?? 0)
  if (a.kind === 'amount_off') return a.agorot === b.agorot
  return (a.rate ?? 0) >= (b.rate ?? 0)
}
