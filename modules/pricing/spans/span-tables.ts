/** Where spans of one sort are kept, and the lists that say them; names are those of the migrations. */
export type SpanTable = {
  lists: string
  /** The column of `lists` with the keys that a delta names. */
  named: string
  spans: string
  key: string
  value: string
  /** The index of `spans` that a first load does without. */
  storeIndex: string
}

/** What a product costs in a store. */
export const PRICES: SpanTable = {
  lists: 'pricing.price_lists',
  named: 'product_ids',
  spans: 'pricing.prices',
  key: 'product_id',
  value: 'agorot',
  storeIndex: 'pricing.prices_store',
}

/** Under which terms a promotion of the chain holds in a store. */
export const PROMOTIONS: SpanTable = {
  lists: 'pricing.promotion_lists',
  named: 'promotion_ids',
  spans: 'pricing.promotions',
  key: 'promotion_id',
  value: 'terms_id',
  storeIndex: 'pricing.promotions_store',
}
