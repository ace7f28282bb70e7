import { notFound } from '../../../src/http/contract/app-error.ts'
import type { Page, PageQuery } from '../../../src/http/contract/page.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { all, amongIds } from '../../../src/http/paging/conditions.ts'
import { countCheaply } from '../../../src/http/paging/count.ts'
import { readPage, type Sql } from '../../../src/http/paging/paging.ts'
import { findProductIds, findStore, findStoreIds, storeFilterOf } from '../../catalog/index.ts'
import { onSale, saleIn } from '../promotions/sale-sql.ts'
import { inWindow, readTimeWindow, type TimeWindow } from '../spans/time-window.ts'
import { type PriceRow, toPriceResponses } from './price-answer.ts'
import type { Price, PricesQuery, StorePricesQuery } from './price-schemas.ts'
import {
  lastSeen,
  oldestSeen,
  PRICE_SORTS,
  priceBounds,
  seenSince,
  storesListedSince,
} from './price-sql.ts'

export async function listPrices(context: ReadContext, query: PricesQuery): Promise<Page<Price>> {
  const { chain_id, store_id, store_number, barcode, code, category, subcategory, max_age_days } =
    query
  const observedSince = oldestSeen(context, max_age_days)
  const stores = await findStoreIds(context, {
    ...storeFilterOf(query),
    store_id,
    store_number,
    observedSince,
  })
  const products = await findProductIds(context, { barcode, code, chain_id, category, subcategory })
  const listed = observedSince === undefined ? [] : await storesListedSince(context, observedSince)
  const window = readTimeWindow(query)
  const conditions = [
    stores !== undefined && amongIds(context, context.db`p.store_id`, stores),
    products !== undefined && amongIds(context, context.db`p.product_id`, products),
    query.product_id !== undefined && amongIds(context, context.db`p.product_id`, query.product_id),
    ...priceBounds(context, query),
    observedSince !== undefined && seenSince(context, observedSince, listed),
    onSale(context, query, window),
  ]
  const isAll = 'now' in window && conditions.every((one) => one === false)
  const known = isAll ? context.generation.stats.current_prices : undefined
  const where = all(context, [inWindow(context, window), ...conditions])
  return readPrices(context, query, { name: 'prices', where, window, known })
}

/** @throws AppError STORE_NOT_FOUND */
export async function listStorePrices(
  context: ReadContext,
  query: StorePricesQuery,
): Promise<Page<Price>> {
  const store = await findStore(context, query)
  const window = readTimeWindow(query)
  const where = all(context, [
    context.db`p.store_id = ${store.id}`,
    inWindow(context, window),
    ...priceBounds(context, query),
    onSale(context, query, window),
  ])
  return readPrices(context, query, { name: 'store prices', where, window })
}

/** @throws AppError PRICE_NOT_FOUND */
export async function findPrice(context: ReadContext, { id }: { id: string }): Promise<Price> {
  const { db } = context
  const [product, store, local = ''] = id.split('-')
  const [row] = await db<PriceRow[]>`
    select p.*, seen.observed_at, seen.file_name, ${saleIn(context)} as sale
    from pricing.prices p ${lastSeen(context)}
    where p.product_id = ${Number(product)} and p.store_id = ${Number(store)}
      and to_char(p.valid_from at time zone 'Asia/Jerusalem', 'YYYYMMDD"T"HH24MISS') = ${local}`
  const [price] = await toPriceResponses(context, row === undefined ? [] : [row])
  if (price === undefined) throw notFound('PRICE_NOT_FOUND', `price ${id}`)
  return price
}

/**
 * A page of `pricing.prices p`. The rows are read first, by an index where possible, and their last
 * observations afterwards.
 */
async function readPrices(
  context: ReadContext,
  query: PageQuery,
  {
    name,
    where,
    window,
    known,
  }: { name: string; where: Sql; window: TimeWindow; known?: number | undefined },
): Promise<Page<Price>> {
  const { db } = context
  const page = await readPage<PriceRow>(context, query, {
    name,
    sorts: PRICE_SORTS,
    order: ['product_id'],
    unique: ['product_id', 'store_id', 'valid_from'],
    total: async () =>
      known ?? countCheaply(context, db`select from pricing.prices p where ${where}`),
    rows: ({ keys, after, order, limit }) => db`
      with page as materialized (
        select p.product_id, p.store_id, p.valid_from, p.valid_to, p.agorot, ${keys}
        from pricing.prices p where ${where} ${after} order by ${order} ${limit}
      )
      select p.*, seen.observed_at, seen.file_name, ${saleIn(context, window)} as sale from page p ${lastSeen(context)} order by ${order}`,
  })
  return { ...page, rows: await toPriceResponses(context, page.rows) }
}
