import type { Promotion } from '../terms/promotion.ts'
import { roundHalfUp } from '../terms/rounding.ts'
import { settleWeight } from '../terms/settle-weight.ts'
import type { OpenLine } from './basket.ts'
import { rateOff } from './unit-offer.ts'

/** A promotion as it is for weighed goods: from `least` grams of its lines on, and at most for `most` of them. */
export type WeightOffer = {
  promotion: Promotion
  least: number
  most: number
  lines: WeighedLine[]
}

/** A line at the promotion's price: `agorot` for `grams`. It is below the shelf price. */
export type WeighedLine = { line: OpenLine; agorot: number; grams: number }

type PricePerWeight = { agorot: number; grams: number; least: number }

/** @returns the reason, when the promotion cannot be applied to the line */
export function weightPrice(promotion: Promotion, line: OpenLine): PricePerWeight | string {
  const { quantity, agorot, rate, kind, weightReading } = promotion
  const shelf = line.price.agorot
  // one unit of weighed goods is no condition: who buys half a kilogram has the promotional price as well
  const ofOne = quantity === 1000 && kind !== 'price_per_kg'
  const least = ofOne ? 0 : quantity
  if (kind === 'price_per_kg' || kind === 'bundle_price') {
    const settled =
      ofOne || (kind === 'price_per_kg' && !promotion.weightUnsettled)
        ? 'price_per_kg'
        : weightReading === 'quantity'
          ? 'bundle_price'
          : settleWeight(promotion, shelf)
    if (settled === null) return 'the weight that its price is for is not settled'
    if (agorot !== null)
      return { agorot, grams: settled === 'price_per_kg' ? 1000 : quantity, least }
  }
  if (kind === 'amount_off' || (kind === 'nth_unit' && !ofOne))
    return 'it counts units, of weighed goods'
  const isRate = kind === 'percent_off' || kind === 'nth_unit'
  if (isRate && rate !== null) return { agorot: rateOff(shelf, rate), grams: 1000, least }
  return 'it tells no price'
}

/**
 * What `weight` grams of a line save at the promotion's price. All of the line costs its weight times the price, rounded
 * half up; what a part of it saves is rounded down, so that parts never save more than the whole.
 */
export function savedOn({ line, agorot, grams }: WeighedLine, weight: number): number {
  const shelf = line.price.agorot
  if (weight === line.quantity) return line.shelfAgorot - roundHalfUp(weight * agorot, grams)
  return Math.floor((weight * (shelf * grams - agorot * 1000)) / (1000 * grams))
}
