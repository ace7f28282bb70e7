import type { Article } from './articles.ts'
import type { Store } from './stores.ts'

/** One source file of prices, as a chain publishes it: one store at one moment. */
export type PriceList = {
  family: 'price_full' | 'price'
  store: Store
  /** The slug of the publisher's file. */
  slug: string
  fileName: string
  /** Israel local time, `YYYYMMDDHHMMSS`. */
  moment: string
  rows: PriceRow[]
}

export type PriceRow = {
  article: Article
  /** 0: not for sale. */
  agorot: number
  /** The time slot in which this price was set. */
  pricedAt: number
  fault?: Fault
}

/** Faults of a row: price missing or not a number, no item code, store number not a number. */
export type Fault = 'price' | 'no price' | 'no code' | 'store'
