import type { Promotion } from '../terms/promotion.ts'
import { roundHalfUp } from '../terms/rounding.ts'
import { settleWeight } from '../terms/settle-weight.ts'
import type { OpenLine } from './basket.ts'
import { rateOff } from './unit-offer.ts'

/**
 * A promotion in the form that applies to weighed goods: from `least` grams of its lines on, up to
 * `most` grams.
 */
export type WeightOffer = {
  promotion: Promotion
  least: number
  most: number
  lines: WeighedLine[]
}

/** A line at the promotion's price: `agorot` for `grams`. This is below the shelf price. */
export type WeighedLine = { line: OpenLine; agorot: number; grams: number }

type PricePerWeight = { agorot: number; grams: number; least: number }

/** @returns the reason, when the promotion cannot be applied to the line */
export function weightPrice(promotion: Promotion, line: OpenLine): PricePerWeight | string {
  const { quantity, agorot, rate, kind, weightReading } = promotion
  const shelf = line.price.agorot
  // a minimum of one unit does not apply to weighed goods: half a kilogram also gets the
  // promotional price
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
 * The saving on `weight` grams of a line at the promotion's price. The cost of the whole line is
 * rounded half up. The saving on a part is rounded down, so parts never save more than the whole.
 */
export function savedOn({ line, agorot, grams }: WeighedLine, weight: number): number {
  const shelf = line.price.agorot
  if (weight === line.quantity) return line.shelfAgorot - roundHalfUp(weight * agorot, grams)
  return Math.floor((weight * (shelf * grams - agorot * 1000)) / (1000 * grams))
}
