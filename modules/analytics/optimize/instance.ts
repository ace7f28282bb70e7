import type { BasketLine, Promotion, ShelfPrice, Shopper } from '../../pricing/index.ts'

/** The prices and promotions of one store for a basket. */
export type StoreOffer = {
  prices: ReadonlyMap<number, ShelfPrice>
  promotions: readonly Promotion[]
  shopper: Shopper
}

/** A basket to buy in at most `maxStores` stores, each costing a visit. Products are distinct. */
export type Instance = {
  lines: readonly BasketLine[]
  stores: readonly StoreOffer[]
  maxStores: number
  visitAgorot: number
}

/** The stores of a plan by ascending index, each with the indexes of the lines bought there. */
export type Plan = {
  /** The cost of the goods, without visits. */
  agorot: number
  stores: { store: number; lines: number[] }[]
}

/** The optimum was not proven within the limits on time and memory; no guess is returned. */
export class SearchLimitExceeded extends Error {
  override name = 'SearchLimitExceeded'
}

/** Throws `SearchLimitExceeded` once the deadline has passed; called between steps. */
export type DeadlineCheck = () => void

/** The cost of a line that no store sells: more than any basket costs. */
export const MISSING = 2 ** 40
