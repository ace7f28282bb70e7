import type { Article } from './articles.ts'
import type { Store } from './stores.ts'

/** One source file of prices, as a chain publishes it: one store at one moment. */
export type PriceList = {
  family: 'price_full' | 'price'
  store: Store
  /** The slug under which the publisher filed it. */
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
  /** The slot in which this price was set. */
  pricedAt: number
  fault?: Fault
}

/** What is wrong with a row: a price that is no number or missing, no item code, a store that is no number. */
export type Fault = 'price' | 'no price' | 'no code' | 'store'
