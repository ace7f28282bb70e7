import type { BasketLine, Promotion, ShelfPrice, Shopper } from '../../pricing/index.ts'

/** What one store has for a basket. */
export type StoreOffer = {
  prices: ReadonlyMap<number, ShelfPrice>
  promotions: readonly Promotion[]
  shopper: Shopper
}

/** A basket to be bought in at most so many of the stores, each of which costs a visit. Every product comes once. */
export type Instance = {
  lines: readonly BasketLine[]
  stores: readonly StoreOffer[]
  mostStores: number
  visitAgorot: number
}

/** Which lines are bought where: stores by their place, ascending, each with the places of its lines. */
export type Plan = {
  /** Of the goods, without the visits. */
  agorot: number
  stores: { store: number; lines: number[] }[]
}

/** No answer within the time: better none than one that may be wrong. */
export class TooHard extends Error {
  override name = 'TooHard'
}

/** Called now and then: throws `TooHard` when the time is over. */
export type Watch = () => void

/** Dearer than any basket: what a line costs that none of the stores sells. */
export const MISSING = 2 ** 40
