import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { israelDayStart } from '../../../src/israel-time.ts'
import { findProductIds, NOT_GOODS } from '../../catalog/index.ts'
import { eachProductSpans, MARKET_RULE, type ProductSpans } from '../../pricing/index.ts'
import { findLastObserved } from '../sellers/last-observed.ts'
import type { Seller } from '../sellers/sellers.ts'
import type { Level } from './price-index.ts'

/** A store's level against the market of the day on which it was last observed. */
export type PastLevel = Level & { market_products: number; market_stores: number }

type Market = {
  /** When the day ends (epoch seconds). */
  end: number
  /** The stores that were not stale then, with their chains. */
  chains: Map<number, string>
  minStores: number
  products: number
  /** The stores to compare with this market. */
  levels: Map<number, Level>
  /** The stores that sell a compared product. */
  sellers: Set<number>
}

/** Compares stale stores with the market of the day on which they were last observed. */
export async function readPastLevels(
  context: ReadContext,
  stale: readonly Seller[],
  { sellers, category }: { sellers: ReadonlyMap<number, Seller>; category: string | undefined },
): Promise<Map<number, PastLevel>> {
  const markets: Market[] = []
  for (const [day, stores] of Map.groupBy(stale, (seller) => seller.day)) {
    markets.push(await openMarket(context, { day, stores, sellers }))
  }
  const inCategory = await findProductIds(context, { category })
  const excluded = new Set(await findProductIds(context, { category: NOT_GOODS }))
  await eachProductSpans(context.db, inCategory, (spans) => {
    if (inCategory === undefined && excluded.has(spans.productId)) return
    for (const market of markets) addProduct(market, spans)
  })
  return new Map(
    markets.flatMap(({ levels, products, sellers }) =>
      [...levels].map(([store, level]) => [
        store,
        { ...level, market_products: products, market_stores: sellers.size },
      ]),
    ),
  )
}

async function openMarket(
  context: ReadContext,
  of: { day: string; stores: readonly Seller[]; sellers: ReadonlyMap<number, Seller> },
): Promise<Market> {
  const asOf = israelDayStart(of.day, 1)
  const observed = await findLastObserved(context, { asOf, whole: true })
  const fresh = [...observed.lastSeen.keys()].filter((store) => !observed.stale.has(store))
  return {
    end: asOf.getTime() / 1000,
    chains: new Map(fresh.map((store) => [store, of.sellers.get(store)?.store.chain_id ?? ''])),
    minStores: Math.max(MARKET_RULE.stores, Math.ceil(MARKET_RULE.share * fresh.length)),
    products: 0,
    levels: new Map(of.stores.map(({ store }) => [store.id, { products: 0, logs: 0, squares: 0 }])),
    sellers: new Set(),
  }
}

/** Adds a product if enough stores of enough chains sold it at the end of the market's day. */
function addProduct(market: Market, { size, store, from, to, agorot }: ProductSpans): void {
  const { end, chains, minStores, levels, sellers } = market
  const offers: { store: number; log: number }[] = []
  for (let i = 0; i < size; i++) {
    if ((from[i] as number) >= end || (to[i] as number) < end) continue
    if (!chains.has(store[i] as number)) continue
    offers.push({ store: store[i] as number, log: Math.log(agorot[i] as number) })
  }
  const ofChains = new Set(offers.map((offer) => chains.get(offer.store)))
  if (offers.length < minStores || ofChains.size < MARKET_RULE.chains) return
  market.products++
  const mean = offers.reduce((sum, { log }) => sum + log, 0) / offers.length
  for (const { store, log } of offers) {
    sellers.add(store)
    const level = levels.get(store)
    if (level === undefined) continue
    level.products++
    level.logs += log - mean
    level.squares += (log - mean) ** 2
  }
}
