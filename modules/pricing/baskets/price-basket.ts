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

/** The number of steps after which a search stops at its best result so far: some milliseconds. */
const MAX_WORK = 1_000_000

/**
 * Computes the cost of a basket in one store: its lines at shelf prices, less the cheapest legal
 * combination of the store's promotions. The rules are in `docs/baskets.md`. A promotion counts
 * units and weights separately. Lines of one product are merged.
 *
 * The order of lines and promotions does not matter: both are sorted by id. Of combinations with
 * equal cost, the first one found is used.
 *
 * @param prices by product id; positive
 * @param promotions the store's promotions; those that do not apply to this shopper or basket are
 *   ignored
 * @throws Error for a quantity that is not a positive whole number, or an invalid day
 */
export function priceBasket(
  lines: readonly BasketLine[],
  prices: ReadonlyMap<number, ShelfPrice>,
  promotions: readonly Promotion[],
  shopper: Shopper,
): PricedBasket {
  const { open, missing } = pricedLines(lines, prices)
  const offers = openPromotions(promotions, { lines: open, shopper }).map(offerLines)
  const work = { left: MAX_WORK }
  const byUnit = promoteUnits(
    offers.flatMap(({ units }) => units),
    work,
  )
  const byWeight = promoteWeights(
    offers.flatMap(({ weights }) => weights),
    work,
  )
  const uses = [...byUnit.uses, ...byWeight.uses]
  const lineCosts = toPricedLines(open, uses)
  const gapAgorot = byUnit.gapAgorot + byWeight.gapAgorot
  return {
    agorot: lineCosts.reduce((sum, { agorot }) => sum + agorot, 0),
    shelfAgorot: lineCosts.reduce((sum, { shelfAgorot }) => sum + shelfAgorot, 0),
    lines: lineCosts,
    missing,
    promotions: toAppliedPromotions(uses),
    notComputed: offers.flatMap(({ notComputed }) => notComputed),
    exact: gapAgorot === 0,
    gapAgorot,
  }
}

/**
 * The lines that have a price, by product, with lines of one product merged; and the lines without
 * a price.
 */
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

function toPricedLines(lines: readonly OpenLine[], uses: readonly Use[]): PricedLine[] {
  const lineCosts = lines.map(({ productId, quantity, shelfAgorot }): PricedLine => {
    return { productId, quantity, shelfAgorot, agorot: shelfAgorot, promotions: [] }
  })
  for (const { promotion, takes } of uses.toSorted((a, b) => a.promotion.id - b.promotion.id)) {
    for (const { line, quantity, savedAgorot } of takes) {
      const one = lineCosts[line] as PricedLine
      one.agorot -= savedAgorot
      one.promotions.push({ id: promotion.id, quantity, savedAgorot })
    }
  }
  return lineCosts
}

/** Sums up the uses of each promotion, which may be used on units and on weighed goods. */
function toAppliedPromotions(uses: readonly Use[]): AppliedPromotion[] {
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
