import type { Promotion } from '../terms/promotion.ts'

/** So much of a product: thousandths of a unit, or grams of weighed goods (1000 = one unit or one kilogram). */
export type BasketLine = { productId: number; quantity: number }

/** What a unit costs on the shelf, or a kilogram of weighed goods. */
export type ShelfPrice = { agorot: number; isWeighted: boolean }

/** Who asks, and when. */
export type Shopper = {
  /** The day in Israel, `YYYY-MM-DD`. */
  day: string
  /** The clubs they are a member of. */
  clubs: readonly string[]
  /** The ids of the promotions whose coupon they have; true: all of them. */
  coupons: true | readonly number[]
}

export type PricedLine = BasketLine & {
  shelfAgorot: number
  /** After the promotions. */
  agorot: number
  /** What each promotion took of the line (it may save nothing here: the dearer unit of "1+1"). */
  promotions: { id: number; quantity: number; savedAgorot: number }[]
}

export type AppliedPromotion = {
  id: number
  /** Bundles, or groups of n; for what holds from a quantity on, once. */
  times: number
  quantity: number
  savedAgorot: number
}

/** A promotion that may make these lines cheaper, and cannot be computed for them. */
export type UncomputedPromotion = { id: number; reason: string; productIds: number[] }

export type PricedBasket = {
  /** What the lines that have a price cost together, after the promotions. */
  agorot: number
  shelfAgorot: number
  /** By product. */
  lines: PricedLine[]
  /** Lines without a price. */
  missing: BasketLine[]
  /** By id. */
  promotions: AppliedPromotion[]
  notComputed: UncomputedPromotion[]
  /** No legal combination of the promotions is cheaper; else none is cheaper by more than `gapAgorot`. */
  exact: boolean
  gapAgorot: number
}

/** A line on its way through the promotions: `units` whole ones, or `grams`, may be promoted. */
export type OpenLine = BasketLine & { index: number; price: ShelfPrice; shelfAgorot: number }

/** What a promotion takes of the lines, by their index. */
export type Use = {
  promotion: Promotion
  times: number
  takes: { line: number; quantity: number; savedAgorot: number }[]
}

/** How the promotions are used, and by how much the best use may save more. */
export type Uses = { uses: Use[]; gapAgorot: number }
