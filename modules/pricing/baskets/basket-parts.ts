import type { Promotion } from '../terms/promotion.ts'
import type { BasketLine, OpenLine, ShelfPrice, Shopper } from './basket.ts'
import { independentGroups } from './independent-groups.ts'
import { offerLines } from './offer-lines.ts'
import { type OpenPromotion, openPromotions } from './open-promotions.ts'
import { pricedLines } from './price-basket.ts'
import { promoteUnits } from './promote-units.ts'
import type { WeightOffer } from './weight-offer.ts'

/** Products that promotions connect, and all promotions that may make one of them cheaper. */
export type BasketPart = { productIds: number[]; promotions: Promotion[] }

/** A promotion, and lines whose costs depend on each other because of it. */
type Tie = { promotion: Promotion; lines: OpenLine[] }

/** Work limit for one promotion alone. No such search needs this much. */
const WORK = 1_000_000

/**
 * Splits a basket into parts by its promotions. The cost of one part does not depend on what is
 * bought of the others, as long as it stays the same which basket minimums are met. This holds for
 * any subset of the lines, each bought whole. Products that no promotion makes cheaper are in no
 * part.
 */
export function partBasket(
  lines: readonly BasketLine[],
  prices: ReadonlyMap<number, ShelfPrice>,
  promotions: readonly Promotion[],
  shopper: Shopper,
): BasketPart[] {
  const { open } = pricedLines(lines, prices)
  const useful = openPromotions(promotions, { lines: open, shopper }).filter(isUseful)
  const counts = new Map<OpenLine, number>()
  for (const { lines } of useful)
    for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1)
  return independentGroups(useful.flatMap((one) => tiesOf(one, counts))).map((ties) => ({
    productIds: [
      ...new Set(ties.flatMap(({ lines }) => lines.map(({ productId }) => productId))),
    ].sort((a, b) => a - b),
    promotions: [...new Set(ties.map(({ promotion }) => promotion))].sort((a, b) => a.id - b.id),
  }))
}

/**
 * Whether the promotion saves something on the whole basket. If not, it saves nothing on any part
 * of it.
 */
function isUseful(one: OpenPromotion): boolean {
  const { units, weights } = offerLines(one)
  const isEnough = ({ least, most, lines }: WeightOffer) => {
    return least <= most && lines.reduce((sum, { line }) => sum + line.quantity, 0) >= least
  }
  return weights.some(isEnough) || promoteUnits(units, { left: WORK }).uses.length > 0
}

/** One tie of all lines. If the promotion applies to each line separately, one tie per line. */
function tiesOf(one: OpenPromotion, counts: ReadonlyMap<OpenLine, number>): Tie[] {
  const { promotion, lines } = one
  const { units, weights } = offerLines(one)
  const total = (lines: readonly OpenLine[]) =>
    lines.reduce((sum, { quantity }) => sum + quantity, 0)
  const isByUnit = units.every(({ offer: { size, least, most }, lines }) => {
    return size === 1 && least === 1 && most * 1000 >= total(lines)
  })
  const isByWeight = weights.every(({ least, most, lines: weighed }) => {
    const own = weighed.map(({ line }) => line)
    // another promotion may leave too little of a line
    const isEnough =
      least === 0 || own.every((line) => line.quantity >= least && counts.get(line) === 1)
    return isEnough && most >= total(own)
  })
  if ((promotion.minBasketAgorot ?? 0) > 0 || !isByUnit || !isByWeight)
    return [{ promotion, lines }]
  const alone = [
    ...units.flatMap(({ lines }) => lines),
    ...weights.flatMap(({ lines }) => lines.map(({ line }) => line)),
  ]
  return alone.map((line) => ({ promotion, lines: [line] }))
}
