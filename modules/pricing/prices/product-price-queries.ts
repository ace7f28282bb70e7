import type { Page } from '../../../src/http/contract/page.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { all, amongIds } from '../../../src/http/paging/conditions.ts'
import { countCheaply } from '../../../src/http/paging/count.ts'
import { type PagedList, readPage, type Sql } from '../../../src/http/paging/paging.ts'
import {
  findProduct,
  findStaleStoreIds,
  findStore,
  findStoreIds,
  storeFilterOf,
} from '../../catalog/index.ts'
import { currentSale, onSale, pastSale, saleIn } from '../promotions/sale-sql.ts'
import { inWindow, readTimeWindow, type TimeWindow } from '../spans/time-window.ts'
import { type PriceRow, toOffers, toPriceResponses } from './price-answer.ts'
import type { Price } from './price-schemas.ts'
import { lastSeen, namedWithin, PRICE_SORTS, priceBounds } from './price-sql.ts'
import type {
  HistoryQuery,
  ProductInStore,
  ProductStoresQuery,
  StoreOfProduct,
  StoreProductsQuery,
} from './product-price-schemas.ts'

/**
 * Lists a product's spans, or the days on which they were observed.
 * @throws AppError PRODUCT_NOT_FOUND
 */
export async function listProductPrices(
  context: ReadContext,
  query: HistoryQuery,
): Promise<Page<Price>> {
  const { db } = context
  const { id } = await findProduct(context, { id: query.id })
  const { chain_id, store_id } = query
  const stores = await findStoreIds(context, { chain_id, store_id })
  const requested = readTimeWindow(query)
  const window = 'now' in requested ? {} : requested
  const among = stores === undefined ? db`true` : amongIds(context, db`p.store_id`, stores)
  const where = all(context, [db`p.product_id = ${id}`, among, inWindow(context, window)])
  const isDaily = query.granularity === 'day'
  const rows = isDaily
    ? daysOf(context, where, window)
    : db`select p.* from pricing.prices p where ${where}`
  const page = await readPage<PriceRow>(context, query, {
    name: 'product prices',
    sorts: {
      ...PRICE_SORTS,
      ...(isDaily ? { valid_from: { by: db`p.date`, type: 'date' } } : {}),
    },
    order: ['valid_from:desc'],
    unique: ['store_id', 'valid_from'],
    total: () => countCheaply(context, rows),
    rows: ({ keys, after, order, limit }) => db`
      with page as materialized (select p.*, ${keys} from (${rows}) p where true ${after} order by ${order} ${limit})
      select p.*, seen.observed_at, seen.file_name, ${isDaily ? pastSale(context, db`seen.observed_at`) : saleIn(context)} as sale
      from page p ${isDaily ? db`cross join lateral (select p.observed_at, p.file_name) seen` : lastSeen(context)} order by ${order}`,
  })
  return { ...page, rows: await toPriceResponses(context, page.rows) }
}

/**
 * Spans by day: for each store and day in Israel, the last list that names the product, with its
 * price.
 */
function daysOf({ db }: ReadContext, where: Sql, window: TimeWindow): Sql {
  const { from, to } = 'now' in window || 'asOf' in window ? {} : window
  return db`
    select distinct on (p.store_id, day.date) p.product_id, p.store_id, p.valid_from, p.valid_to, p.agorot,
      l.observed_at, l.file_name, day.date
    from pricing.prices p
    join pricing.price_lists l on ${namedWithin(db)}
    cross join lateral (select (l.observed_at at time zone 'Asia/Jerusalem')::date as date) day
    where ${where} and ${from === undefined ? db`true` : db`l.observed_at >= ${from}`}
      and ${to === undefined ? db`true` : db`l.observed_at < ${to}`}
    order by p.store_id, day.date, l.observed_at desc, l.kind, l.file_name desc`
}

/**
 * Lists the stores that sell a product now.
 * @throws AppError PRODUCT_NOT_FOUND
 */
export async function listProductStores(
  context: ReadContext,
  query: ProductStoresQuery,
): Promise<Page<StoreOfProduct>> {
  const { db } = context
  const { id } = await findProduct(context, { id: query.id })
  const stores = await findStoreIds(context, storeFilterOf(query))
  const stale = amongIds(context, db`p.store_id`, await findStaleStoreIds(context))
  const page = await readPage<PriceRow>(context, query, {
    name: 'product stores',
    sorts: { ...PRICE_SORTS, stale: { by: stale, type: 'boolean' } },
    order: ['stale', 'price'],
    unique: ['store_id'],
    ...currentPrices(context, [
      db`p.product_id = ${id}`,
      stores !== undefined && amongIds(context, db`p.store_id`, stores),
    ]),
  })
  const offers = await toOffers(context, page.rows)
  return { ...page, rows: offers.map(({ store, offer }) => ({ ...store, ...offer })) }
}

/**
 * Lists the products that a store sells now.
 * @throws AppError STORE_NOT_FOUND
 */
export async function listStoreProducts(
  context: ReadContext,
  query: StoreProductsQuery,
): Promise<Page<ProductInStore>> {
  const { id } = await findStore(context, query)
  const page = await readPage<PriceRow>(context, query, {
    name: 'store products',
    sorts: PRICE_SORTS,
    order: ['product_id'],
    unique: ['product_id'],
    ...currentPrices(context, [
      context.db`p.store_id = ${id}`,
      ...priceBounds(context, query),
      onSale(context, query, { now: true }),
    ]),
  })
  const offers = await toOffers(context, page.rows)
  return { ...page, rows: offers.map(({ product, offer }) => ({ ...product, ...offer })) }
}

/** How to count and read the current prices that match conditions on `pricing.prices p`. */
function currentPrices(
  context: ReadContext,
  conditions: (Sql | false)[],
): Pick<PagedList<PriceRow>, 'total' | 'rows'> {
  const { db } = context
  const where = all(context, [db`p.valid_to is null`, ...conditions])
  return {
    total: () => countCheaply(context, db`select from pricing.prices p where ${where}`),
    rows: ({ keys, after, order, limit }) => db`
      with page as materialized (
        select p.product_id, p.store_id, p.valid_from, p.agorot, ${keys}
        from pricing.prices p where ${where} ${after} order by ${order} ${limit}
      )
      select p.*, ${currentSale(context)} as sale from page p order by ${order}`,
  }
}
