/**
 * What a promotion gives (`readTerms`, `settleTerms`):
 * - `bundle_price`: any `quantity` units of its items cost `agorot` together (a plain promotional
 * price: one unit);
 * - `price_per_kg`: from `quantity` on, a kilogram costs `agorot`;
 * - `percent_off`: from `quantity` on, the items cost `rate` less;
 * - `amount_off`: `quantity` units together cost `agorot` less;
 * - `nth_unit`: the cheapest of every `quantity` units costs `rate` less ("1+1": of every 2, 100%);
 * - `gift`: something other than a price (an article, a coupon, a text for the cashier);
 * - `unknown`: no rule settles what it gives (never computable).
 */
export const PROMOTION_KINDS = [
  'bundle_price',
  'price_per_kg',
  'percent_off',
  'amount_off',
  'nth_unit',
  'gift',
  'unknown',
] as const
export type PromotionKind = (typeof PROMOTION_KINDS)[number]

/**
 * The terms of a promotion, the same in all stores. Money is in agorot. Quantities are in
 * thousandths of a unit, or grams of weighed goods (1000 = one unit or one kilogram). A rate is in
 * hundredths of a percent (10000 = free).
 */
export type PromotionTerms = {
  kind: PromotionKind
  /** The reason why no price can be computed; null when `priceBasket` can apply it. */
  notComputable: string | null
  /**
   * The required quantity: the size of a bundle, the minimum quantity, or the n of an n-th unit.
   */
  quantity: number
  /**
   * `quantity` is a weight, and no file states whether `agorot` is for a kilogram or for that
   * weight. Only shelf prices settle it (`settleWeight`).
   */
  weightUnsettled: boolean
  /** What `agorot` is for, for goods sold by weight, if that is settled and differs from `kind`. */
  weightReading?: WeightReading | null
  agorot: number | null
  /**
   * The price of each item by its code, if the items have different prices; `agorot` is then null.
   */
  itemAgorot?: Readonly<Record<string, number>> | null
  rate: number | null
  /** The maximum quantity of its items in a basket; null: no limit. */
  maxQuantity: number | null
  /** The minimum cost of the rest of the basket; null: none. */
  minBasketAgorot: number | null
  /** Codes of the chain's clubs that the promotion is for; empty: for everyone. */
  clubs: readonly string[]
  /** Whether its coupon is needed. */
  coupon: boolean
  /** Epoch milliseconds, [startsAt, endsAt]; null: open. */
  startsAt: number | null
  endsAt: number | null
  /** The days of the week on which it applies, 0 (Sunday) to 6; null: every day. */
  weekdays?: readonly number[] | null
}

/** Whether a price is for a kilogram, or for the promotion's `quantity` as a whole. */
export type WeightReading = 'kilogram' | 'quantity'

/** The terms of a promotion in one store, with its products. */
export type Promotion = PromotionTerms & {
  id: number
  productIds: readonly number[]
  /** `itemAgorot` by product id. */
  productAgorot?: Readonly<Record<string, number>> | null
}
