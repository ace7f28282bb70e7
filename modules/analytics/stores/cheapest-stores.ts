import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { pageRows } from '../../../src/http/paging/page-rows.ts'
import type { Page } from '../../../src/http/paging/paging.ts'
import { findStoreIds } from '../../catalog/index.ts'
import { findSellers } from '../sellers/sellers.ts'
import type { CheapestStoresQuery, CheapStore } from './cheapest-store-schemas.ts'
import { type Level, priceIndex } from './price-index.ts'

type LevelRow = Level & { store_id: number; market_products: number }

const MIN_PRODUCTS = 30

/** Ranks stores by their index (docs/analytics.md, "Cheapest stores"). */
export async function listCheapStores(
  context: ReadContext,
  query: CheapestStoresQuery,
): Promise<Page<CheapStore>> {
  const { city, chain, chain_id, category, include_stale } = query
  const ids = await findStoreIds(context, { city, chain, chain_id })
  const [levels, sellers] = await Promise.all([
    readLevels(context, category),
    findSellers(context, { now: true }),
  ])
  const isFresh = ({ store_id }: LevelRow) => sellers.get(store_id)?.stale === false
  const market = {
    market_products: levels[0]?.market_products ?? 0,
    market_stores: levels.filter(isFresh).length,
  }
  const known = new Map(levels.map((level) => [level.store_id, level]))
  const none = { products: 0, logs: 0, squares: 0, market_products: 0 }
  const asked = (ids ?? [...sellers.keys()])
    .sort((a, b) => a - b)
    .flatMap((store_id) => {
      const seller = sellers.get(store_id)
      return seller === undefined
        ? []
        : [{ seller, ...(known.get(store_id) ?? { store_id, ...none }) }]
    })
  const isRanked = (level: LevelRow) =>
    level.products >= MIN_PRODUCTS && (include_stale === true || isFresh(level))
  const ranked = asked.filter(isRanked).sort((a, b) => a.logs / a.products - b.logs / b.products)
  const others = asked.filter((level) => !isRanked(level))
  const rows = [...ranked, ...others].map((level, i) => ({
    rank: i < ranked.length ? i + 1 : null,
    not_ranked: i < ranked.length ? null : notRankedReason(level),
    store: level.seller.store,
    ...priceIndex(level),
    product_count: level.products,
    ...market,
    observation_date: level.seller.day,
    stale: level.seller.stale,
  }))
  const places = new Map(rows.map((row, i) => [row, String(i).padStart(9, '0')]))
  return pageRows(query, rows, { name: 'cheapest stores', key: (row) => places.get(row) ?? '' })
}

function notRankedReason({ products }: Level): 'too_few_products' | 'stale' {
  return products < MIN_PRODUCTS ? 'too_few_products' : 'stale'
}

/** The levels of all stores in a category, or over all of them, in order of the stores. */
function readLevels({ db }: ReadContext, category: string | undefined): Promise<LevelRow[]> {
  return db<LevelRow[]>`
    select store_id, sum(products)::integer as products, sum(logs) as logs, sum(squares) as squares,
      ${category === undefined ? db`(select sum(n)::integer from (select max(market_products) as n from pricing.store_levels group by category) c)` : db`max(market_products)`} as market_products
    from pricing.store_levels where ${category === undefined ? db`true` : db`category = ${category}`}
    group by store_id order by store_id`
}
