import type { Promotion } from '../terms/promotion.ts'
import { roundHalfUp } from '../terms/rounding.ts'
import type {
  AppliedPromotion,
  BasketLine,
  OpenLine,
  PricedBasket,
  PricedLine,
  ShelfPrice,
  Shopper,
  Use,
} from './basket.ts'
import { offerLines } from './offer-lines.ts'
import { openPromotions } from './open-promotions.ts'
import { promoteUnits } from './promote-units.ts'
import { promoteWeights } from './promote-weights.ts'

/** After so many steps of a search it stops at the best that it has found: after some milliseconds. */
const MOST_WORK = 1_000_000

/**
 * What a basket costs in one store: its lines at the shelf prices, less the cheapest legal combination of the store's
 * promotions. The rules are those of `docs/baskets.md`; units and weights of a promotion are counted apart. The order
 * of lines and promotions is of no importance: products and promotions are taken by their ids, and of combinations that
 * cost the same the first found stays. Lines of one product are one line.
 *
 * @param prices by product id; positive
 * @param promotions the store's; those that do not hold for this shopper or basket are left out
 * @throws Error for a quantity that is no positive whole number, or a day that is none
 */
export function priceBasket(
  lines: readonly BasketLine[],
  prices: ReadonlyMap<number, ShelfPrice>,
  promotions: readonly Promotion[],
  shopper: Shopper,
): PricedBasket {
  const { open, missing } = pricedLines(lines, prices)
  const offers = openPromotions(promotions, { lines: open, shopper }).map(offerLines)
  const work = { left: MOST_WORK }
  const byUnit = promoteUnits(
    offers.flatMap(({ units }) => units),
    work,
  )
  const byWeight = promoteWeights(
    offers.flatMap(({ weights }) => weights),
    work,
  )
  const uses = [...byUnit.uses, ...byWeight.uses]
  const told = tellLines(open, uses)
  const gapAgorot = byUnit.gapAgorot + byWeight.gapAgorot
  return {
    agorot: told.reduce((sum, { agorot }) => sum + agorot, 0),
    shelfAgorot: told.reduce((sum, { shelfAgorot }) => sum + shelfAgorot, 0),
    lines: told,
    missing,
    promotions: tellPromotions(uses),
    notComputed: offers.flatMap(({ notComputed }) => notComputed),
    exact: gapAgorot === 0,
    gapAgorot,
  }
}

/** The lines that have a price, by product, those of one product as one; and those without. */
export function pricedLines(lines: readonly BasketLine[], prices: ReadonlyMap<number, ShelfPrice>) {
  const quantities = new Map<number, number>()
  for (const { productId, quantity } of lines) {
    if (!Number.isSafeInteger(quantity) || quantity <= 0) {
      throw new Error(`Cannot price a basket: ${quantity} of product ${productId} is no quantity`)
    }
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity)
  }
  const open: OpenLine[] = []
  const missing: BasketLine[] = []
  for (const productId of [...quantities.keys()].sort((a, b) => a - b)) {
    const quantity = quantities.get(productId) as number
    const price = prices.get(productId)
    if (price === undefined) missing.push({ productId, quantity })
    else {
      const shelfAgorot = roundHalfUp(quantity * price.agorot, 1000)
      open.push({ productId, quantity, index: open.length, price, shelfAgorot })
    }
  }
  return { open, missing }
}

function tellLines(lines: readonly OpenLine[], uses: readonly Use[]): PricedLine[] {
  const told = lines.map(({ productId, quantity, shelfAgorot }): PricedLine => {
    return { productId, quantity, shelfAgorot, agorot: shelfAgorot, promotions: [] }
  })
  for (const { promotion, takes } of uses.toSorted((a, b) => a.promotion.id - b.promotion.id)) {
    for (const { line, quantity, savedAgorot } of takes) {
      const one = told[line] as PricedLine
      one.agorot -= savedAgorot
      one.promotions.push({ id: promotion.id, quantity, savedAgorot })
    }
  }
  return told
}

/** A promotion may be used on units and on weighed goods. */
function tellPromotions(uses: readonly Use[]): AppliedPromotion[] {
  const applied = new Map<number, AppliedPromotion>()
  for (const { promotion, times, takes } of uses) {
    const one = applied.get(promotion.id) ?? {
      id: promotion.id,
      times: 0,
      quantity: 0,
      savedAgorot: 0,
    }
    applied.set(promotion.id, one)
    one.times += times
    for (const { quantity, savedAgorot } of takes) {
      one.quantity += quantity
      one.savedAgorot += savedAgorot
    }
  }
  return [...applied.values()].sort((a, b) => a.id - b.id)
}
