import type { Promotion } from '../terms/promotion.ts'

/**
 * A quantity of a product: thousandths of a unit, or grams of weighed goods (1000 = one unit or 1
 * kg).
 */
export type BasketLine = { productId: number; quantity: number }

/** The shelf price of one unit, or of one kilogram of weighed goods. */
export type ShelfPrice = { agorot: number; isWeighted: boolean }

/** The shopper and the day of the purchase. */
export type Shopper = {
  /** The day in Israel, `YYYY-MM-DD`. */
  day: string
  /** The ids of the clubs that the shopper is a member of. */
  clubs: readonly string[]
  /** The ids of the promotions whose coupon the shopper has; true: all of them. */
  coupons: true | readonly number[]
}

export type PricedLine = BasketLine & {
  shelfAgorot: number
  /** The cost after promotions. */
  agorot: number
  /**
   * What each promotion took of the line. It may save nothing on this line (the more expensive unit
   * of "1+1").
   */
  promotions: { id: number; quantity: number; savedAgorot: number }[]
}

export type AppliedPromotion = {
  id: number
  /**
   * The number of bundles, or of groups of n. 1 for a promotion that applies from a minimum
   * quantity on.
   */
  times: number
  quantity: number
  savedAgorot: number
}

/** A promotion that may make these lines cheaper but cannot be computed for them. */
export type UncomputedPromotion = { id: number; reason: string; productIds: number[] }

export type PricedBasket = {
  /** The total cost of the lines that have a price, after promotions. */
  agorot: number
  shelfAgorot: number
  /** Ordered by product. */
  lines: PricedLine[]
  /** Lines without a price. */
  missing: BasketLine[]
  /** Ordered by promotion id. */
  promotions: AppliedPromotion[]
  notComputed: UncomputedPromotion[]
  /**
   * True if no legal combination of promotions is cheaper. Otherwise, none is cheaper by more than
   * `gapAgorot`.
   */
  exact: boolean
  gapAgorot: number
}

/** A line while promotions are applied: promotions may take `units` whole units, or `grams`. */
export type OpenLine = BasketLine & { index: number; price: ShelfPrice; shelfAgorot: number }

/** What a promotion takes of the lines, by line index. */
export type Use = {
  promotion: Promotion
  times: number
  takes: { line: number; quantity: number; savedAgorot: number }[]
}

/** How the promotions are used, and the most that a better use could still save. */
export type Uses = { uses: Use[]; gapAgorot: number }
