/**
 * The cells of a promotion by meaning, for all dialects: texts as in the file, null where empty.
 */
export type RawPromotion = {
  rewardType: string | null
  discountType: string | null
  rate: string | null
  price: string | null
  minQuantity: string | null
  maxQuantity: string | null
  /** The maximum number of uses in a basket. */
  redemptionLimit: string | null
  minPurchase: string | null
  weighted: string | null
  giftCount: string | null
  clubs: string[]
  coupon: boolean
  startsAt: number | null
  endsAt: number | null
  itemCodes: readonly string[]
  giftCodes: readonly string[]
  /** The different prices of a gift that is not free. */
  giftPrices: readonly string[]
  /** The number of parts with different terms (the groups of dialect B). */
  parts: number
}

/**
 * The reasons why no price can be computed for a promotion: a fixed list, by which they are
 * counted.
 */
export const NOT_COMPUTABLE = {
  noItems: 'no items',
  parts: 'parts with different terms',
  gift: 'a gift or a text, not a price',
  noNumbers: 'neither a price nor a rate',
  noQuantity: 'no quantity',
  unreadable: 'a number that cannot be read',
  free: 'free, and no coupon is asked for',
  rateUnit: 'a rate in a unit that is not known',
  weight: 'a price of a weight or of a kilogram: nothing tells which',
  limit: 'a limit in a unit that is not known',
  unsettled: 'neither its numbers nor its code settle what it gives',
  giftAmongItems: 'a gift among its own items: which of them is free is not stated',
  otherPrice: 'its description states another price',
  otherRate: 'its description states another rate',
  otherLimit: 'its description states another limit',
  otherMinimum: 'its description states another basket minimum',
  minimumCutOff: 'a basket minimum that its description cuts off',
  otherGoods: 'other goods must be bought for it',
  clubInText: 'for a club that only its description names',
  payment: 'for some means of payment only',
  groups: 'several groups of items, which may have to be bought together',
  days: 'days of the week that cannot be read',
} as const

/** Reward codes of the n-th unit. */
export function isNthUnit(rewardType: string | null): boolean {
  return rewardType === '7' || rewardType === '8' || rewardType === '9'
}
