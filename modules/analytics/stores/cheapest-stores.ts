import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { pageRows } from '../../../src/http/paging/page-rows.ts'
import type { Page } from '../../../src/http/paging/paging.ts'
import { findStoreIds, storeFilterOf } from '../../catalog/index.ts'
import { findSellers, type Seller } from '../sellers/sellers.ts'
import type { CheapestStoresQuery, CheapStore } from './cheapest-store-schemas.ts'
import { type PastLevel, readPastLevels } from './past-levels.ts'
import { type Level, priceIndex } from './price-index.ts'

type LevelRow = Level & { store_id: number; market_products: number }

/** A store needs this many products, and this share of all compared ones, to be ranked. */
const MIN_PRODUCTS = 30
const MIN_COVERAGE = 0.05

type ComparedLevel = PastLevel & { seller: Seller }

/** Ranks stores by their index (docs/analytics.md, "Cheapest stores"). */
export async function listCheapStores(
  context: ReadContext,
  query: CheapestStoresQuery,
): Promise<Page<CheapStore>> {
  const { min_products, include_stale = false } = query
  const ids = await findStoreIds(context, storeFilterOf(query))
  const levels = await readLevelsBySeller(context, query)
  const compared = (ids ?? [...levels.keys()])
    .sort((a, b) => a - b)
    .flatMap((store) => levels.get(store) ?? [])
  const hasEnough = ({ products, market_products }: ComparedLevel) =>
    products >= (min_products ?? Math.max(MIN_PRODUCTS, Math.ceil(MIN_COVERAGE * market_products)))
  const isRanked = (level: ComparedLevel) =>
    hasEnough(level) && (include_stale || !level.seller.stale)
  const ranked = compared.filter(isRanked).sort((a, b) => a.logs / a.products - b.logs / b.products)
  const others = compared.filter((level) => !isRanked(level))
  const rows = [...ranked, ...others].map((level, i): CheapStore => {
    const { seller, products, market_products, market_stores } = level
    return {
      rank: i < ranked.length ? i + 1 : null,
      not_ranked: i < ranked.length ? null : hasEnough(level) ? 'stale' : 'too_few_products',
      store: seller.store,
      ...priceIndex(level),
      product_count: products,
      coverage: market_products === 0 ? 0 : Math.round((1000 * products) / market_products) / 1000,
      market_products,
      market_stores,
      observation_date: seller.day,
      stale: seller.stale,
    }
  })
  const places = new Map(rows.map((row, i) => [row, String(i).padStart(9, '0')]))
  return pageRows(context, query, {
    ...{ name: 'cheapest stores', rows },
    key: (row) => places.get(row) ?? '',
  })
}

/**
 * The level of each observed store. With `include_stale`, stale stores are measured on their last
 * day.
 */
async function readLevelsBySeller(
  context: ReadContext,
  { category, include_stale = false }: CheapestStoresQuery,
): Promise<Map<number, ComparedLevel>> {
  const [levels, sellers] = await Promise.all([
    readLevels(context, category),
    findSellers(context, { now: true }),
  ])
  const stale = include_stale ? [...sellers.values()].filter((seller) => seller.stale) : []
  const past =
    stale.length === 0
      ? new Map<number, PastLevel>()
      : await context.cached(`past levels ${category ?? ''}`, () =>
          readPastLevels(context, stale, { sellers, category }),
        )
  const market = {
    market_products: levels[0]?.market_products ?? 0,
    market_stores: levels.filter(({ store_id }) => sellers.get(store_id)?.stale === false).length,
  }
  const current = new Map(levels.map((level) => [level.store_id, level]))
  return new Map(
    [...sellers].map(([store, seller]) => {
      const level = past.get(store) ?? { ...NO_LEVEL, ...current.get(store), ...market }
      return [store, { ...level, seller }]
    }),
  )
}

const NO_LEVEL = { products: 0, logs: 0, squares: 0 }

/** The levels of all stores in a category, or over all of them, in order of the stores. */
function readLevels({ db }: ReadContext, category: string | undefined): Promise<LevelRow[]> {
  const allProducts = db`(select sum(n)::integer from (
    select max(market_products) as n from pricing.store_levels group by category) by_category)`
  return db<LevelRow[]>`
    select store_id, sum(products)::integer as products, sum(logs) as logs, sum(squares) as squares,
      ${category === undefined ? allProducts : db`max(market_products)`} as market_products
    from pricing.store_levels
    where ${category === undefined ? db`true` : db`category = ${category}`}
    group by store_id order by store_id`
}
