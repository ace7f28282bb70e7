import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { amongIds } from '../../../src/http/paging/conditions.ts'
import type { Sql } from '../../../src/http/paging/paging.ts'
import { inWindow, type TimeWindow } from '../spans/time-window.ts'
import type { promotionTerms } from '../tables.ts'
import type { Promotion } from '../terms/promotion.ts'

/** The stores and products to find promotions for; current promotions unless a time is given. */
export type StoresAndProducts = {
  storeIds: readonly number[]
  productIds: readonly number[]
  window?: TimeWindow
}

export type ListedPromotion = Promotion & { description: string | null }

type Row = typeof promotionTerms.$inferSelect & {
  store_ids: number[]
  product_agorot: Record<string, number> | null
}

/**
 * Finds the promotions that stores list for any of these products, by store, in the form that
 * `priceBasket` takes. Their items are limited to these products. Promotions that have ended, are
 * for a club or need a coupon are included: the shopper decides.
 *
 * The query starts with the few terms that name a product, then finds the stores that list them.
 */
export async function findStorePromotions(
  context: ReadContext,
  { storeIds, productIds, window = { now: true } }: StoresAndProducts,
): Promise<Map<number, ListedPromotion[]>> {
  const { db } = context
  const rows = await db<Row[]>`
    select t.id, t.description, t.kind, t.not_computable, t.quantity, t.weight_unsettled, t.weight_reading, t.agorot,
      t.item_agorot, t.weekdays, t.rate, t.max_quantity, t.min_basket_agorot, t.clubs, t.coupon, t.starts_at, t.ends_at, listed.store_ids,
      array(select id from unnest(t.product_ids) id where id = any(${[...productIds]}::int[])) as product_ids,
      case when t.item_agorot is not null then (select jsonb_object_agg(c.id, t.item_agorot -> c.code)
        from catalog.products c where c.id = any(${[...productIds]}::int[]) and t.item_agorot ? c.code) end as product_agorot
    from pricing.promotion_terms t
      cross join lateral (
        select json_agg(distinct p.store_id) as store_ids from pricing.promotions p
        where p.terms_id = t.id and ${inWindow(context, window)} and ${amongStores(context, storeIds)}
      ) listed
    where t.product_ids && ${[...productIds]}::int[] and listed.store_ids is not null`
  const byStore = new Map<number, ListedPromotion[]>(storeIds.map((storeId) => [storeId, []]))
  for (const { store_ids, ...row } of rows) {
    const promotion = toPromotion(row)
    for (const storeId of store_ids) byStore.get(storeId)?.push(promotion)
  }
  return byStore
}

/**
 * The maximum number of stores to look up individually. Above it, all rows are read and other
 * stores are filtered out.
 */
const MAX_STORE_LOOKUPS = 16

/**
 * Spans `p` of these stores, while they are few. For many stores, an index by product is faster.
 */
export function amongStores(context: ReadContext, storeIds: readonly number[]): Sql {
  return storeIds.length > MAX_STORE_LOOKUPS
    ? context.db`true`
    : amongIds(context, context.db`p.store_id`, storeIds)
}

function toPromotion(row: Omit<Row, 'store_ids'>): ListedPromotion {
  return {
    id: row.id,
    description: row.description,
    kind: row.kind,
    notComputable: row.not_computable,
    quantity: row.quantity,
    weightUnsettled: row.weight_unsettled,
    weightReading: row.weight_reading,
    agorot: row.agorot,
    weekdays: row.weekdays,
    productAgorot: row.product_agorot,
    rate: row.rate,
    maxQuantity: row.max_quantity,
    minBasketAgorot: row.min_basket_agorot,
    clubs: row.clubs,
    coupon: row.coupon,
    startsAt: row.starts_at?.getTime() ?? null,
    endsAt: row.ends_at?.getTime() ?? null,
    productIds: row.product_ids,
  }
}
