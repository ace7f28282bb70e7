import { invalid } from '../../../src/http/contract/app-error.ts'
import { meanShekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { all, amongIds } from '../../../src/http/paging/conditions.ts'
import { type Page, readPage } from '../../../src/http/paging/paging.ts'
import { israelDate, israelDayStart } from '../../../src/israel-time.ts'
import { findStoreIds, findStoresById, goodsOnly, storeFilterOf } from '../../catalog/index.ts'
import { findLastObserved } from '../sellers/last-observed.ts'
import { selectProducts } from '../sellers/select-products.ts'
import { toStoreSummary } from '../sellers/store-summary.ts'
import type { PriceChange, PriceChangesQuery } from './change-schemas.ts'
import {
  NO_UNCHANGED,
  type Period,
  selectChanges,
  selectMoved,
  sumUnchanged,
} from './change-sql.ts'

type Row = {
  product_id: number
  store_id: number | null
  stores: number
  before: number
  after: number
  percent: number
  least: number
  most: number
  rises: number
  drops: number
  suspects: number
  impact: number
  sellers: number
  single_store: boolean
  name: string
  barcode: string | null
}

/** @throws AppError VALIDATION_ERROR for invalid days, or when `from` is not before `to` */
export async function listPriceChanges(
  context: ReadContext,
  query: PriceChangesQuery,
): Promise<Page<PriceChange>> {
  const { db } = context
  const period = readPeriod(context, query)
  const stores = await storesOf(context, query, period)
  const products = await selectProducts(context, query)
  const where = all(context, [
    amongIds(context, db`p.store_id`, stores),
    products !== undefined && amongIds(context, db`p.product_id`, products),
  ])
  const moved = selectMoved(db, { period, where })
  const changed = await db<{ product_id: number; prices: number }[]>`
    select product_id, count(*)::integer as prices
    from (${moved}) m join catalog.products p on p.id = m.product_id
    where before <> after and ${all(context, [goodsOnly(context, query)])} group by product_id`
  const ids = changed.map(({ product_id }) => product_id)
  const perStore = query.per === 'store'
  const unchanged = perStore
    ? NO_UNCHANGED
    : await sumUnchanged(db, ids, { period, stores: new Set(stores) })
  const changes = selectChanges(db, query, { moved, changed: ids, unchanged })
  const isWhole = [query.direction, query.suspect, query.min_stores].every(
    (filter) => filter === undefined,
  )
  const count = perStore ? changed.reduce((sum, { prices }) => sum + prices, 0) : changed.length
  const page = await readPage<Row>(context, query, {
    name: 'price changes',
    sorts: {
      suspect: { by: db`d.suspects > 0`, type: 'boolean' },
      single_store: { by: db`d.single_store`, type: 'boolean' },
      impact: { by: db`d.impact`, type: 'bigint' },
      size: { by: db`d.size`, type: 'bigint' },
      percent: { by: db`d.percent`, type: 'bigint' },
      stores: { by: db`d.stores`, type: 'integer' },
      product_id: { by: db`d.product_id`, type: 'integer' },
      store_id: { by: db`d.store_id`, type: 'integer' },
    },
    order: ['suspect', 'single_store', 'impact:desc'],
    unique: perStore ? ['product_id', 'store_id'] : ['product_id'],
    total: async () =>
      isWhole ? count : Number((await db`select count(*) from (${changes}) d`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      with page as materialized (
        select d.*, ${keys} from (${changes}) d where true ${after} order by ${order} ${limit}
      )
      select d.*, d.percent::float8 as percent, d.impact::float8 as impact,
        d.sellers::integer as sellers, p.name, case when p.chain_id is null then p.code end as barcode
      from page d join catalog.products p on p.id = d.product_id order by ${order}`,
  })
  const byId = await findStoresById(context, [
    ...new Set(page.rows.flatMap(({ store_id }) => store_id ?? [])),
  ])
  const toChange = (row: Row): PriceChange => ({
    product: { id: row.product_id, name: row.name, barcode: row.barcode },
    store: row.store_id === null ? null : toStoreSummary(byId, row.store_id),
    stores: row.stores,
    from_price: meanShekels(row.before, row.stores),
    to_price: meanShekels(row.after, row.stores),
    percent: row.percent / 100,
    least_percent: row.least / 100,
    most_percent: row.most / 100,
    rises: row.rises,
    drops: row.drops,
    impact: row.impact / 100,
    seller_count: row.sellers,
    single_store: row.single_store,
    suspect_stores: row.suspects,
    suspect: row.suspects > 0,
    from_date: period.from,
    to_date: period.to,
  })
  return { ...page, rows: page.rows.map(toChange) }
}

function readPeriod({ generation }: ReadContext, { from, to, days }: PriceChangesQuery): Period {
  if (from !== undefined && days !== undefined)
    throw invalid({ field: 'days', message: 'cannot be used with from' })
  const last = to ?? israelDate(generation.lastObservedAt?.getTime() ?? 0)
  const first =
    from ?? new Date(Date.parse(last) - (days ?? 7) * 86_400_000).toISOString().slice(0, 10)
  const [begin, end] = [israelDayStart(first, 1), israelDayStart(last, 1)]
  if (begin >= end) throw invalid({ field: 'from', message: 'must be before to' })
  return { from: first, to: last, begin, end }
}

/**
 * The stores observed before the first day's end and again before the last day's end, without stale
 * ones.
 */
async function storesOf(
  context: ReadContext,
  query: PriceChangesQuery,
  { begin, end }: Period,
): Promise<number[]> {
  const { store_id, include_stale } = query
  const matching = await findStoreIds(context, { ...storeFilterOf(query), store_id })
  const [before, after] = await Promise.all(
    [begin, end].map((asOf) => findLastObserved(context, { asOf, whole: true })),
  )
  if (before === undefined || after === undefined) return []
  return (matching ?? [...after.lastSeen.keys()]).filter((id) => {
    const isSeen = before.lastSeen.has(id) && (after.lastSeen.get(id) ?? 0) >= begin.getTime()
    return isSeen && (include_stale || !(before.stale.has(id) || after.stale.has(id)))
  })
}
