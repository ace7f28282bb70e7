import type { Tx } from '../../../src/db/connect.ts'
import { NOT_GOODS } from '../../catalog/index.ts'
import { eachProductSpans, type ProductSpans } from '../spans/product-spans.ts'

/** A product is compared if at least this many stores, share of all stores, and chains sell it. */
export const MARKET_RULE = { stores: 3, share: 0.05, chains: 2 }

/**
 * Recomputes `pricing.store_levels`: for every store, the logarithms of its current prices relative
 * to the market's. The market price is the geometric mean over the stores observed since
 * `staleBefore` (docs/analytics.md, "Cheapest stores"). One price changes the market of its
 * product, and so every store that sells it.
 */
export async function computeStoreIndexes(tx: Tx, staleBefore: Date | null): Promise<void> {
  const stores = await tx<{ id: number; chain: string; fresh: boolean }[]>`
    select id, chain_id as chain, ${staleBefore}::timestamptz is null or last_observed_at >= ${staleBefore} as fresh
    from catalog.stores where last_observed_at is not null`
  const products = await tx<{ id: number; category: string }[]>`
    select id, coalesce(category, '') as category from catalog.products
    where category is distinct from ${NOT_GOODS}`
  const categoryOf = new Map(products.map(({ id, category }) => [id, category]))
  const market = newMarket(stores)
  await eachProductSpans(tx, undefined, (spans) => {
    const category = categoryOf.get(spans.productId)
    if (category !== undefined) addProduct(market, spans, category)
  })
  const levels = [...market.levels].flatMap(([category, { products, byStore }]) =>
    [...byStore].map(([store, level]) => ({ category, store, of: products, ...level })),
  )
  await tx`delete from pricing.store_levels`
  await tx`insert into pricing.store_levels (category, store_id, market_products, products, logs, squares)
    select category, store, "of", products, logs, squares
    from jsonb_to_recordset(${tx.json(levels)}) as x (category text, store integer, "of" integer, products integer,
      logs float8, squares float8)`
}

type Level = { products: number; logs: number; squares: number }
type Market = {
  stores: Map<number, { chain: string; fresh: boolean }>
  /** The minimum number of stores, not stale, that must sell a product. */
  enough: number
  levels: Map<string, { products: number; byStore: Map<number, Level> }>
}

function newMarket(stores: readonly { id: number; chain: string; fresh: boolean }[]): Market {
  const fresh = stores.filter((store) => store.fresh).length
  return {
    stores: new Map(stores.map((store) => [store.id, store])),
    enough: Math.max(MARKET_RULE.stores, Math.ceil(MARKET_RULE.share * fresh)),
    levels: new Map(),
  }
}

/**
 * Adds a product's current prices, relative to their mean, to the levels of the stores that sell
 * it.
 */
function addProduct(
  { stores, enough, levels }: Market,
  spans: ProductSpans,
  category: string,
): void {
  const offers: { store: number; log: number }[] = []
  const chains = new Set<string>()
  let [count, sum] = [0, 0]
  for (let i = 0; i < spans.size; i++) {
    const seller =
      spans.to[i] === Number.POSITIVE_INFINITY ? stores.get(spans.store[i] as number) : undefined
    if (seller === undefined) continue
    const log = Math.log(spans.agorot[i] as number)
    offers.push({ store: spans.store[i] as number, log })
    if (!seller.fresh) continue
    chains.add(seller.chain)
    count++
    sum += log
  }
  if (count < enough || chains.size < MARKET_RULE.chains) return
  const total = levels.get(category) ?? { products: 0, byStore: new Map<number, Level>() }
  levels.set(category, total)
  total.products++
  for (const { store, log } of offers) {
    const relative = log - sum / count
    const level = total.byStore.get(store) ?? { products: 0, logs: 0, squares: 0 }
    total.byStore.set(store, level)
    level.products++
    level.logs += relative
    level.squares += relative * relative
  }
}
