import type { Fault, PriceList, PriceRow } from './price-list.ts'
import { priceLists } from './price-lists.ts'
import { promoRows } from './promo-files.ts'
import { type Deal, type PromotionList, promotionLists } from './promotions.ts'
import { listedStores } from './store-files.ts'
import type { Store } from './stores.ts'
import { createWorld, type SampleOptions } from './world.ts'

/** What a correct reader finds when it has loaded every version of the sample. */
export type SampleTruth = {
  /** CSV data rows per family of files, promotions included. */
  rows: Record<'price_full' | 'price' | 'store' | 'promo_full' | 'promo', number>
  chains: number
  /** Stores that occur in a store file or a price file. */
  stores: number
  products: number
  price_lists: number
  /**
   * Current prices after the last list, by `chain id/store number`; 0 for a store without goods.
   */
  current_prices: Record<string, number>
  current_total: number
  /** Maximal spans: two neighbours differ in price or have a gap. */
  price_spans: number
  not_for_sale_rows: number
  repeated_codes_in_a_list: number
  rejects: { price: number; item_code: number; store: number }
  /** Distinct promotions by their terms, and those that are not computable. */
  promotions: { terms: number; kinds: Record<string, number>; not_computable: number }
  /** The newest moment of a list by store, Israel local time `YYYY-MM-DDTHH:MM:SS`. */
  last_observed: Record<string, string>
}

/**
 * Tells it from the generator's own lists, without looking at a CSV: last row wins in a list; a
 * price of 0 or one that cannot be read is not for sale; a full list is all that a store has;
 * within one moment full lists come before deltas.
 */
export function sampleTruth(options: SampleOptions = {}): SampleTruth {
  const world = createWorld(options)
  const days = world.dates.map((_, day) => day)
  const lists = days.flatMap((day) => priceLists(world, day)).filter((list) => list.rows.length > 0)
  const promotions = days.flatMap((day) =>
    promotionLists(world, day).map((list) => ({ ...list, rows: promoRows(list, '').length })),
  )
  const described = days.flatMap((day) =>
    world.chains.flatMap((chain) => listedStores(world, chain, day) ?? []),
  )
  const rows = lists.flatMap((list) => list.rows)
  const rowsOf = (family: PriceList['family']) =>
    lists.reduce((sum, list) => sum + (list.family === family ? list.rows.length : 0), 0)
  const promoRowsOf = (family: string) =>
    promotions.reduce((sum, list) => sum + (list.family === family ? list.rows : 0), 0)
  const faults = (...kinds: Fault[]) =>
    rows.filter(({ fault }) => fault !== undefined && kinds.includes(fault)).length
  const stores = [...Map.groupBy(lists, ({ store }) => store)].map(([store, own]) => ({
    store,
    ...history(own),
  }))
  return {
    rows: {
      price_full: rowsOf('price_full'),
      price: rowsOf('price'),
      store: described.length,
      promo_full: promoRowsOf('promo_full'),
      promo: promoRowsOf('promo'),
    },
    chains: new Set([...described, ...lists.map((list) => list.store)].map((store) => store.chain))
      .size,
    stores: new Set([...described, ...lists.map((list) => list.store)]).size,
    products: new Set(rows.filter(isAccepted).map((row) => row.article)).size,
    price_lists: lists.length,
    current_prices: Object.fromEntries(
      stores.map(({ store, current }) => [storeKey(store), current]),
    ),
    current_total: stores.reduce((sum, { current }) => sum + current, 0),
    price_spans: stores.reduce((sum, { spans }) => sum + spans, 0),
    not_for_sale_rows: rows.filter((row) => isAccepted(row) && priceOf(row) === 0).length,
    repeated_codes_in_a_list: lists.reduce((sum, list) => sum + repeatedCodes(list), 0),
    rejects: {
      price: faults('price', 'no price'),
      item_code: faults('no code'),
      store: faults('store'),
    },
    promotions: promotionTruth(promotions),
    last_observed: Object.fromEntries(stores.map(({ store, last }) => [storeKey(store), last])),
  }
}

/** What a promotion offers, in the words of the API. */
const KINDS: Record<Deal['kind'], string> = {
  bundle: 'bundle_price',
  percent: 'percent_off',
  weight: 'price_per_kg',
  'second free': 'nth_unit',
  amount: 'amount_off',
  gift: 'gift',
}

/**
 * Dialect C has no column for what is weighed: there nobody knows whether half a kilogram has that
 * price, or a whole one.
 */
function promotionTruth(lists: readonly PromotionList[]): SampleTruth['promotions'] {
  const terms = new Map<string, { kind: string; computable: boolean }>()
  for (const { store, promotions } of lists) {
    for (const { articles, ...promotion } of promotions) {
      const codes = articles.map(({ code }) => code).sort()
      const { kind } = promotion.deal
      const isAmbiguous = store.chain.promotions === 'C' && kind === 'weight'
      terms.set(JSON.stringify([store.chain.id, promotion, codes]), {
        kind: isAmbiguous ? 'bundle_price' : KINDS[kind],
        computable: kind !== 'gift' && !isAmbiguous,
      })
    }
  }
  const kinds = Map.groupBy(terms.values(), ({ kind }) => kind)
  return {
    terms: terms.size,
    kinds: Object.fromEntries([...kinds].map(([kind, of]) => [kind, of.length])),
    not_computable: [...terms.values()].filter(({ computable }) => !computable).length,
  }
}

function storeKey({ chain, number }: Store): string {
  return `${chain.id}/${number}`
}

/** A row without a code or a store is rejected. */
function isAccepted({ fault }: PriceRow): boolean {
  return fault !== 'no code' && fault !== 'store'
}

/** 0: not for sale. */
function priceOf({ fault, agorot }: PriceRow): number {
  return fault === 'price' || fault === 'no price' ? 0 : agorot
}

function repeatedCodes(list: PriceList): number {
  const accepted = list.rows.filter(isAccepted)
  return accepted.length - new Set(accepted.map((row) => row.article)).size
}

/** Applies a store's lists in order and counts the spans that begin. */
function history(lists: readonly PriceList[]): { spans: number; current: number; last: string } {
  const order = (list: PriceList) =>
    `${list.moment} ${list.family === 'price' ? 1 : 0} ${list.fileName}`
  const sorted = lists.toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
  let prices = new Map<number, number>()
  let spans = 0
  for (const sameMoment of Map.groupBy(sorted, ({ moment }) => moment).values()) {
    let next = new Map(prices)
    for (const list of sameMoment) {
      if (list.family === 'price_full') next = new Map()
      for (const row of list.rows.filter(isAccepted)) {
        if (priceOf(row) > 0) next.set(row.article.index, priceOf(row))
        else next.delete(row.article.index)
      }
    }
    for (const [article, agorot] of next) if (prices.get(article) !== agorot) spans++
    prices = next
  }
  const moment = sorted.at(-1)?.moment ?? ''
  const last = moment.replace(/(....)(..)(..)(..)(..)(..)/, '$1-$2-$3T$4:$5:$6')
  return { spans, current: prices.size, last }
}
