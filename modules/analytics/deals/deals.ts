import { shekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { all, amongIds } from '../../../src/http/paging/conditions.ts'
import { countCheaply } from '../../../src/http/paging/count.ts'
import { type Page, readPage, type Sql } from '../../../src/http/paging/paging.ts'
import { israelDate } from '../../../src/israel-time.ts'
import { findStaleStoreIds, findStoreIds, findStoresById, type Store } from '../../catalog/index.ts'
import { selectProducts } from '../sellers/select-products.ts'
import { toStoreSummary } from '../sellers/store-summary.ts'
import type { Deal, DealsQuery } from './deal-schemas.ts'

type Row = {
  product_id: number
  store_id: number
  stores: number
  score: number
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
}

export async function listDeals(context: ReadContext, query: DealsQuery): Promise<Page<Deal>> {
  const { db } = context
  const { city, chain, chain_id, store_id } = query
  const stale = await findStaleStoreIds(context)
  const inStores = await findStoreIds(context, { city, chain, chain_id, store_id })
  const products = await selectProducts(context, query)
  const deals = dealsOf(context, query, [
    inStores !== undefined && amongIds(context, db`r.store_id`, inStores),
    products !== undefined && amongIds(context, db`r.product_id`, products),
    !query.include_stale && stale.length > 0 && db`r.store_id <> all(${stale}::int[])`,
  ])
  const page = await readPage<Row>(context, query, {
    name: 'deals',
    sorts: {
      score: { by: db`d.score`, type: 'integer' },
      percent: { by: db`d.percent`, type: 'integer' },
      price: { by: db`d.agorot`, type: 'integer' },
      product_id: { by: db`d.product_id`, type: 'integer' },
      chain_id: { by: db`d.chain_id`, type: 'text' },
    },
    order: ['score:desc'],
    unique: ['product_id', 'chain_id'],
    total: () => countCheaply(context, deals),
    rows: ({ keys, after, order, limit }) => db`
      with page as materialized (select d.*, ${keys} from (${deals}) d where true ${after} order by ${order} ${limit})
      select d.*, p.name, case when p.chain_id is null then p.code end as barcode, t.description,
        to_char(nullif(d.ends_on, 'infinity'), 'YYYY-MM-DD') as ends_on, to_char(d.last_day, 'YYYY-MM-DD') as last_day
      from page d join catalog.products p on p.id = d.product_id left join pricing.promotion_terms t on t.id = d.terms_id
      order by ${order}`,
  })
  const stores = await findStoresById(context, [
    ...new Set(page.rows.map(({ store_id }) => store_id)),
  ])
  const today = israelDate(context.generation.lastObservedAt?.getTime() ?? 0)
  return { ...page, rows: page.rows.map((row) => toDeal(row, { stores, stale, today })) }
}

/** The best store of each product and chain (the first of equals), with the number of stores that offer the same. */
function dealsOf(
  context: ReadContext,
  { min_score, kind, include_stale }: DealsQuery,
  among: readonly (Sql | false)[],
): Sql {
  const { db, day } = context
  const market = include_stale ? db`r.all_market_agorot` : db`r.market_agorot`
  const where = all(context, [
    db`r.ends_on >= ${day}::date and r.agorot < f.reference`,
    kind !== undefined && db`(r.terms_id is not null) = ${kind === 'promotion'}`,
    min_score !== undefined && db`g.score >= ${Math.ceil(Number((min_score * 100).toFixed(4)))}`,
    ...among,
  ])
  return db`
    select distinct on (r.product_id, s.chain_id) r.*, s.chain_id, f.reference, g.percent, g.score, ${market} as market,
      ${include_stale ? db`r.all_market_stores` : db`r.market_stores`} as market_stores,
      count(*) over (partition by r.product_id, s.chain_id, r.agorot)::integer as stores
    from pricing.reductions r join catalog.stores s on s.id = r.store_id
      cross join lateral (select least(r.low_30, r.median_90, ${market}) as reference) f
      cross join lateral (select ${percentBelow(db`f.reference`)} as percent,
        ${percentBelow(db`least(f.reference, r.low_90)`)} as percent_low) b
      cross join lateral (select b.percent, (b.percent + b.percent_low + 1) / 2 as score) g
    where ${where}
    order by r.product_id, s.chain_id, g.score desc, r.agorot, r.store_id`

  /** In hundredths of a percent, rounded half up; 0 when the price is not below. */
  function percentBelow(reference: Sql): Sql {
    return db`greatest(0, ((${reference} - r.agorot) * 20000::bigint + ${reference}) / (2 * ${reference}))::integer`
  }
}

function toDeal(
  row: Row,
  { stores, stale, today }: { stores: Map<number, Store>; stale: readonly number[]; today: string },
): Deal {
  const { terms_id, description, ends_on } = row
  return {
    product: { id: row.product_id, name: row.name, barcode: row.barcode },
    store: toStoreSummary(stores, row.store_id),
    stores: row.stores,
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
    observation_date: today,
    stale: stale.includes(row.store_id),
  }
}
