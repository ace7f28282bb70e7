import { halfUp } from './half-up.ts'
import type { Promotion } from './promotion.ts'

/**
 * A promotion as it is for whole units. Its units are taken dearest first, `size` to a group; each saves `early(shelf)`,
 * and the last of a group, its cheapest, `last(shelf)`, in agorot (what precedes the last of a bundle saves its whole
 * shelf price, the last pays for the bundle).
 */
export type UnitOffer = {
  promotion: Promotion
  size: number
  /** Units that it takes at least, and at most: whole groups. */
  least: number
  most: number
  early: (shelfAgorot: number) => number
  last: (shelfAgorot: number) => number
  /** Whether a unit may take part. */
  admits: (shelfAgorot: number) => boolean
  /** An upper bound of what a unit adds to the saving, whatever it is taken with. */
  share: (shelfAgorot: number) => number
}

/** A unit at a rate off, rounded half up. */
export function rateOff(agorot: number, rate: number): number {
  return halfUp(agorot * (10_000 - rate), 10_000)
}

/** @returns the reason, when the promotion cannot be applied to whole units */
export function unitOffer(promotion: Promotion): UnitOffer | string {
  const { kind, quantity, maxQuantity, agorot, rate } = promotion
  if (promotion.weightUnsettled || kind === 'price_per_kg') return 'a price by weight, of goods sold by the unit'
  const limit = maxQuantity === null ? Number.POSITIVE_INFINITY : Math.floor(maxQuantity / 1000)
  const saving = (shelf: number) => shelf - rateOff(shelf, rate ?? 0)
  if (rate !== null && (kind === 'percent_off' || (kind === 'nth_unit' && quantity === 1000))) {
    const least = Math.max(1, Math.ceil(quantity / 1000))
    return offer(promotion, { size: 1, least, most: limit, last: saving, share: saving })
  }
  if (quantity <= 0 || quantity % 1000 !== 0) return 'it counts parts of a unit, of goods sold by the unit'
  const size = quantity / 1000
  const most = limit === Number.POSITIVE_INFINITY ? limit : limit - (limit % size)
  const group = { size, least: size, most }
  if (agorot !== null && kind === 'bundle_price') {
    return offer(promotion, {
      ...group,
      early: (shelf) => shelf,
      last: (shelf) => shelf - agorot,
      share: (shelf) => shelf - agorot / size,
    })
  }
  if (agorot !== null && kind === 'amount_off') {
    return offer(promotion, {
      ...group,
      last: () => agorot,
      admits: (shelf) => shelf * size >= agorot,
      share: () => agorot / size,
    })
  }
  if (rate !== null && kind === 'nth_unit') {
    return offer(promotion, { ...group, last: saving, share: (shelf) => saving(shelf) / size })
  }
  return 'it tells no price'
}

function offer(
  promotion: Promotion,
  parts: Pick<UnitOffer, 'size' | 'least' | 'most' | 'last' | 'share'> & Partial<UnitOffer>,
): UnitOffer {
  return { promotion, early: () => 0, admits: () => true, ...parts }
}

/** Every unit has it by itself, however many there are: it never stands in another promotion's way. */
export function isPlain({ size, least, most }: UnitOffer): boolean {
  return size === 1 && least === 1 && most === Number.POSITIVE_INFINITY
}

/** Whether whatever `other` does, this offer does as well or better (of products that it names too). */
export function outdoes(offer: UnitOffer, other: UnitOffer): boolean {
  const [a, b] = [offer.promotion, other.promotion]
  if (offer.most !== Number.POSITIVE_INFINITY || a.kind !== b.kind) return false
  if (offer.size !== other.size || offer.least > other.least) return false
  if (a.kind === 'bundle_price') return (a.agorot ?? 0) <= (b.agorot ?? 0)
  if (a.kind === 'amount_off') return a.agorot === b.agorot
  return (a.rate ?? 0) >= (b.rate ?? 0)
}
