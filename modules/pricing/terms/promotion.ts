/**
 * What a promotion gives (`readTerms`, `settleTerms`):
 * `bundle_price`: any `quantity` units of its items cost `agorot` together (a plain promotional price: one unit);
 * `price_per_kg`: from `quantity` on, a kilogram costs `agorot`;
 * `percent_off`: from `quantity` on, the items cost `rate` less;
 * `amount_off`: `quantity` units cost `agorot` less together;
 * `nth_unit`: of every `quantity` units the cheapest costs `rate` less ("1+1": of every 2, 100%);
 * `gift`: something that is no price (an article, a coupon, a text for the cashier);
 * `unknown`: no rule settles what it gives (never computable).
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
 * The terms of a promotion, the same wherever they hold. Money is in agorot; quantities are in thousandths of a unit, or
 * grams for what is weighed (1000 = one unit or one kilogram); a rate is in hundredths of a percent (10000 = free).
 */
export type PromotionTerms = {
  kind: PromotionKind
  /** Why no price follows from it; null when `priceBasket` can apply it. */
  notComputable: string | null
  /** What it takes to have it: the size of a bundle, the least quantity, the n of an n-th unit. */
  quantity: number
  /**
   * `quantity` is a weight and no file says whether `agorot` is for a kilogram or for that weight: only shelf prices
   * settle it (`settleWeight`).
   */
  weightUnsettled: boolean
  /** What `agorot` is for, of goods sold by weight, where that is settled otherwise than by `kind`. */
  weightReading?: WeightReading | null
  agorot: number | null
  /** The price of each item by its code, where the items have different ones; `agorot` is null then. */
  itemAgorot?: Readonly<Record<string, number>> | null
  rate: number | null
  /** Of how much of its items a basket may have it at most; null: no limit. */
  maxQuantity: number | null
  /** What the basket must cost at least, without the promotion; null: nothing. */
  minBasketAgorot: number | null
  /** Codes of clubs of the chain, any of which may have it; empty: for everyone. */
  clubs: readonly string[]
  /** Only with its coupon. */
  coupon: boolean
  /** Epoch milliseconds, [startsAt, endsAt]; null: open. */
  startsAt: number | null
  endsAt: number | null
  /** The days of the week on which it holds, 0 (Sunday) to 6; null: every day. */
  weekdays?: readonly number[] | null
}

/** Whether a price is that of a kilogram, or of the promotion's `quantity` as a whole. */
export type WeightReading = 'kilogram' | 'quantity'

/** Terms as they hold in one store, over its products. */
export type Promotion = PromotionTerms & {
  id: number
  productIds: readonly number[]
  /** `itemAgorot` by product id. */
  productAgorot?: Readonly<Record<string, number>> | null
}
