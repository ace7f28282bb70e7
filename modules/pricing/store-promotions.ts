import type { View } from '../../src/http/view.ts'
import type { Promotion } from './promotion.ts'
import type { promotionTerms } from './tables.ts'

type Row = typeof promotionTerms.$inferSelect & { store_ids: number[] }

/**
 * The promotions that stores list now for any of these products, by store, as `priceBasket` takes them. A promotion
 * that ended, is for a club or needs a coupon is among them: the shopper decides.
 */
export async function findStorePromotions(
  { db }: View,
  { storeIds, productIds }: { storeIds: readonly number[]; productIds: readonly number[] },
): Promise<Map<number, Promotion[]>> {
  const rows = await db<Row[]>`
    select t.id, t.kind, t.not_computable, t.quantity, t.weight_unsettled, t.agorot, t.rate, t.max_quantity,
      t.min_basket_agorot, t.clubs, t.coupon, t.starts_at, t.ends_at, t.product_ids, listed.store_ids
    from pricing.promotion_terms t
      join (
        select s.terms_id, array_agg(distinct s.store_id) as store_ids
        from pricing.promotions s where s.valid_to is null and s.store_id = any(${[...storeIds]}::int[])
        group by s.terms_id
      ) listed on listed.terms_id = t.id
    where t.product_ids && ${[...productIds]}::int[]`
  const byStore = new Map<number, Promotion[]>(storeIds.map((storeId) => [storeId, []]))
  for (const { store_ids, ...row } of rows) {
    const promotion = toPromotion(row)
    for (const storeId of store_ids) byStore.get(storeId)?.push(promotion)
  }
  return byStore
}

function toPromotion(row: Omit<Row, 'store_ids'>): Promotion {
  return {
    id: row.id,
    kind: row.kind,
    notComputable: row.not_computable,
    quantity: row.quantity,
    weightUnsettled: row.weight_unsettled,
    agorot: row.agorot,
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
