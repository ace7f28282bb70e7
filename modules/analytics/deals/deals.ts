import { shekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { amongIds } from '../../../src/http/paging/conditions.ts'
import { countCheaply } from '../../../src/http/paging/count.ts'
import { type Page, readPage } from '../../../src/http/paging/paging.ts'
import { israelDate } from '../../../src/israel-time.ts'
import {
  findProductsById,
  findStaleStoreIds,
  findStoreIds,
  findStoresById,
  type Product,
  type Store,
  storeFilterOf,
} from '../../catalog/index.ts'
import { selectProducts } from '../sellers/select-products.ts'
import { toStoreSummary } from '../sellers/store-summary.ts'
import type { Deal, DealsQuery } from './deal-schemas.ts'
import { selectDeals } from './deal-sql.ts'

type Row = {
  product_id: number
  store_id: number
  stores: number
  score: number
  worth: number
  sellers: number
  single_store: boolean
  suspect: boolean
  percent: number
  agorot: number
  reference: number
  shelf_agorot: number
  terms_id: number | null
  last_day: string
  low_30: number
  median_30: number
  days_30: number
  low_90: number
  median_90: number
  days_90: number
  market: number | null
  market_stores: number
  name: string
  barcode: string | null
  description: string | null
  ends_on: string | null
  variant_count: number
  variant_ids: number[]
  variant_agorot: number[]
}

export async function listDeals(context: ReadContext, query: DealsQuery): Promise<Page<Deal>> {
  const { db } = context
  const { store_id } = query
  const stale = await findStaleStoreIds(context)
  const inStores = await findStoreIds(context, { ...storeFilterOf(query), store_id })
  const products = await selectProducts(context, query)
  const deals = selectDeals(context, query, [
    inStores !== undefined && amongIds(context, db`r.store_id`, inStores),
    products !== undefined && amongIds(context, db`r.product_id`, products),
    !query.include_stale && stale.length > 0 && db`r.store_id <> all(${stale}::int[])`,
  ])
  const page = await readPage<Row>(context, query, {
    name: 'deals',
    sorts: {
      suspect: { by: db`d.suspect`, type: 'boolean' },
      single_store: { by: db`d.single_store`, type: 'boolean' },
      worth: { by: db`d.worth`, type: 'integer' },
      stores: { by: db`d.stores`, type: 'integer' },
      score: { by: db`d.score`, type: 'integer' },
      percent: { by: db`d.percent`, type: 'integer' },
      price: { by: db`d.agorot`, type: 'integer' },
      product_id: { by: db`d.product_id`, type: 'integer' },
      chain_id: { by: db`d.chain_id`, type: 'text' },
    },
    order: ['suspect', 'single_store', 'worth:desc'],
    unique: ['product_id', 'chain_id'],
    total: () => countCheaply(context, deals),
    rows: ({ keys, after, order, limit }) => db`
      with page as materialized (
        select d.*, ${keys} from (${deals}) d where true ${after} order by ${order} ${limit}
      )
      select d.*, sellers::integer, to_char(nullif(d.ends_on, 'infinity'), 'YYYY-MM-DD') as ends_on,
        to_char(d.last_day, 'YYYY-MM-DD') as last_day
      from page d order by ${order}`,
  })
  const stores = await findStoresById(context, [
    ...new Set(page.rows.map(({ store_id }) => store_id)),
  ])
  const variants = await findProductsById(context, [
    ...new Set(page.rows.flatMap(({ variant_ids }) => variant_ids)),
  ])
  const today = israelDate(context.generation.lastObservedAt?.getTime() ?? 0)
  return { ...page, rows: page.rows.map((row) => toDeal(row, { stores, variants, stale, today })) }
}

type Related = {
  stores: Map<number, Store>
  variants: Map<number, Product>
  stale: readonly number[]
  today: string
}

function toDeal(row: Row, { stores, variants, stale, today }: Related): Deal {
  const { terms_id, description, ends_on } = row
  return {
    product: { id: row.product_id, name: row.name, barcode: row.barcode },
    store: toStoreSummary(stores, row.store_id),
    stores: row.stores,
    seller_count: row.sellers,
    worth: row.worth / 100,
    score: row.score / 100,
    percent: row.percent / 100,
    price: shekels(row.agorot),
    reference_price: shekels(row.reference),
    shelf_price: shekels(row.shelf_agorot),
    kind: terms_id === null ? 'price_drop' : 'promotion',
    promotion: terms_id === null ? null : { id: terms_id, description, ends_on },
    before: {
      last_day: row.last_day,
      low_30: shekels(row.low_30),
      median_30: shekels(row.median_30),
      days_30: row.days_30,
      low_90: shekels(row.low_90),
      median_90: shekels(row.median_90),
      days_90: row.days_90,
    },
    market: row.market === null ? null : { median: shekels(row.market), stores: row.market_stores },
    single_store: row.single_store,
    suspect: row.suspect,
    variant_count: row.variant_count,
    variants: row.variant_ids.map((id, i) => ({
      id,
      name: variants.get(id)?.product_name ?? '',
      barcode: variants.get(id)?.barcode ?? null,
      price: shekels(row.variant_agorot[i] ?? 0),
    })),
    observation_date: today,
    stale: stale.includes(row.store_id),
  }
}
