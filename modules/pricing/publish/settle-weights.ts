import type { Tx } from '../../../src/db/connect.ts'
import { excludeReading } from '../terms/exclude-reading.ts'
import { oneUnit } from '../terms/one-unit.ts'
import type { PromotionKind, WeightReading } from '../terms/promotion.ts'
import { NOT_COMPUTABLE } from '../terms/raw-promotion.ts'

type Open = {
  id: number
  kind: PromotionKind
  agorot: number
  quantity: number
  rate: number | null
  not_computable: string | null
  max_quantity: number | null
  min_basket_agorot: number | null
  clubs: string[]
  coupon: boolean
  weekdays: number[] | null
  shelf: number[]
}

/**
 * Settles, once for each promotion, whether the price of a weight is for a kilogram or for that
 * weight. Uses the current shelf prices of its items in the stores that list it. Returns the stores
 * that list a newly settled promotion.
 */
export async function settleWeights(tx: Tx): Promise<number[]> {
  const open = await tx<Open[]>`
    with open as (
      select * from pricing.promotion_terms t
      where agorot is not null and weight_reading is null and described <> 'disagrees' and (not_computable is null or not_computable = ${NOT_COMPUTABLE.weight})
        and (weight_unsettled or (kind = 'bundle_price' and quantity > 1000))
    )
    select t.id, t.kind, t.agorot, t.quantity, t.rate, t.not_computable, t.max_quantity, t.min_basket_agorot, t.clubs,
      t.coupon, t.weekdays, array_agg(distinct p.agorot) as shelf
    from open t cross join unnest(t.product_ids) i (id)
      join catalog.products c on c.id = i.id and c.is_weighted
      join pricing.prices p on p.product_id = i.id and p.valid_to is null
        and exists (select from pricing.promotions s where s.terms_id = t.id and s.store_id = p.store_id)
    group by t.id, t.kind, t.agorot, t.quantity, t.rate, t.not_computable, t.max_quantity, t.min_basket_agorot, t.clubs,
      t.coupon, t.weekdays`
  const settled = open.flatMap((terms) => {
    const reading = excludeReading(terms, terms.shelf)
    return reading === null ? [] : [settledRow(terms, reading)]
  })
  if (settled.length === 0) return []
  await tx`update pricing.promotion_terms t set weight_reading = d.weight_reading, kind = d.kind, weight_unsettled = false,
      not_computable = null, unit_agorot = d.unit_agorot, unit_goods = d.unit_goods
    from jsonb_populate_recordset(null::pricing.promotion_terms, ${tx.json(settled)}) d where t.id = d.id`
  const stores = await tx<{ id: number }[]>`
    select distinct store_id as id from pricing.promotions
    where valid_to is null and terms_id = any(${settled.map(({ id }) => id)}::int[])`
  return stores.map(({ id }) => id)
}

function settledRow(terms: Open, reading: WeightReading) {
  const kind = reading === 'kilogram' ? 'price_per_kg' : terms.kind
  const unit = oneUnit({
    kind,
    quantity: terms.quantity,
    agorot: terms.agorot,
    rate: terms.rate,
    clubs: terms.clubs,
    coupon: terms.coupon,
    weekdays: terms.weekdays,
    maxQuantity: terms.max_quantity,
    minBasketAgorot: terms.min_basket_agorot,
    notComputable: null,
    weightUnsettled: false,
    weightReading: reading,
    startsAt: null,
    endsAt: null,
  })
  return {
    id: terms.id,
    kind,
    weight_reading: reading,
    unit_agorot: unit !== null && 'agorot' in unit ? unit.agorot : null,
    unit_goods: unit?.goods ?? null,
  }
}

/** Reasons why a promotion cannot be computed for any of its items, which depend on the items. */
const ITEM_OBJECTIONS = {
  noWeighed: 'a price by weight, of goods sold by the unit',
  parts: 'it counts parts of a unit, of goods sold by the unit',
  noUnits: 'it counts units, of weighed goods',
  weight: 'the weight that its price is for is not settled',
} as const

/**
 * Stores the promotions that cannot be computed for any item, because all items are sold by weight
 * or all by the unit.
 */
export async function noteItemObjections(tx: Tx): Promise<void> {
  await tx`update pricing.promotion_terms t set item_objection = d.objection
    from (
      select t.id, case
        when cardinality(t.product_ids) = 0 then null
        when t.kind = 'price_per_kg' and not goods.weighed then ${ITEM_OBJECTIONS.noWeighed}
        when t.weight_unsettled and not goods.weighed then ${ITEM_OBJECTIONS.noWeighed}
        when t.kind = 'bundle_price' and t.quantity % 1000 <> 0 and not goods.weighed then ${ITEM_OBJECTIONS.parts}
        when t.kind in ('amount_off', 'nth_unit') and not goods.units then ${ITEM_OBJECTIONS.noUnits}
        when t.kind = 'bundle_price' and t.weight_reading is null and not goods.units then ${ITEM_OBJECTIONS.weight}
        end as objection
      from pricing.promotion_terms t cross join lateral (
        select exists (select from catalog.products c where c.id = any(t.product_ids) and c.is_weighted) as weighed,
          exists (select from catalog.products c where c.id = any(t.product_ids) and not c.is_weighted) as units) goods
      where t.not_computable is null and (t.weight_unsettled or t.kind = 'price_per_kg'
        or (t.kind in ('bundle_price', 'amount_off', 'nth_unit') and t.quantity <> 1000))
    ) d
    where t.id = d.id and t.item_objection is distinct from d.objection`
}
