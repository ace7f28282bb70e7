/**
 * The tables of one kind of spans and of the lists that they come from. The names are those of the
 * migrations.
 */
export type SpanTable = {
  lists: string
  /** The column of `lists` with the keys that a delta names. */
  named: string
  spans: string
  key: string
  value: string
  /** The index of `spans` that a first load drops. */
  storeIndex: string
}

/** The prices of products in stores. */
export const PRICES: SpanTable = {
  lists: 'pricing.price_lists',
  named: 'product_ids',
  spans: 'pricing.prices',
  key: 'product_id',
  value: 'agorot',
  storeIndex: 'pricing.prices_store',
}

/** The terms of a chain's promotions in stores. */
export const PROMOTIONS: SpanTable = {
  lists: 'pricing.promotion_lists',
  named: 'promotion_ids',
  spans: 'pricing.promotions',
  key: 'promotion_id',
  value: 'terms_id',
  storeIndex: 'pricing.promotions_store',
}
