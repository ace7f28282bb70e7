import type { Db } from '../../../src/db/connect.ts'
import { invalid } from '../../../src/http/contract/app-error.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { Sql } from '../../../src/http/paging/paging.ts'
import { momentAsked, type TimeWindow } from '../spans/time-window.ts'

/**
 * SQL: what one unit of product `c` costs any shopper under terms `t` at the shelf price
 * `p.agorot`, rounded half up to agorot. This is the normal form of terms (`oneUnit`) in SQL. Null
 * if the terms do not apply to a single unit.
 */
export function saleAgorot(db: Db, unitAgorot: Sql = unitPrice(db)): Sql {
  return db`coalesce(${unitAgorot}, p.agorot - t.unit_off,
    (p.agorot * (10000 - t.unit_rate)::bigint + 5000) / 10000)::integer`
}

/**
 * SQL: the price that terms `t` set for one unit of product `c`: the common price, or the product's
 * own.
 */
export function unitPrice(db: Db): Sql {
  return db`coalesce(t.unit_agorot, (t.item_agorot ->> c.code)::integer)`
}

/** SQL: terms `t` apply to goods like product `c` (weighed or sold by the unit). */
export function suitsGoods(db: Db): Sql {
  return db`(t.unit_goods = 'any' or c.is_weighted = (t.unit_goods = 'weighed'))`
}

/** SQL: the first and the last day in Israel on which terms `t` are valid. */
export function firstDay(db: Db): Sql {
  return db`coalesce((t.starts_at at time zone 'Asia/Jerusalem')::date, '-infinity'::date)`
}
export function lastDay(db: Db): Sql {
  return db`coalesce((t.ends_at at time zone 'Asia/Jerusalem')::date, 'infinity'::date)`
}

/**
 * SQL: what one unit of price `p` costs by a promotion for everyone; null without one. For a
 * requested moment: at that moment. Otherwise: today for a current price, and at its last
 * observation (`seen`) for an ended one.
 */
export function saleIn(context: ReadContext, window: TimeWindow = {}): Sql {
  const { db } = context
  if ('now' in window) return currentSale(context)
  if ('asOf' in window) return pastSale(context, context.db`${momentAsked(window)}::timestamptz`)
  return db`case when p.valid_to is null then ${currentSale(context)} else ${pastSale(context, db`seen.observed_at`)} end`
}

/**
 * SQL condition: price `p` is on sale today.
 * @throws AppError VALIDATION_ERROR together with another time
 */
export function onSale(
  context: ReadContext,
  { on_sale }: { on_sale?: boolean },
  window: TimeWindow,
): Sql | false {
  if (on_sale === undefined) return false
  if (!('now' in window))
    throw invalid({ field: 'on_sale', message: 'cannot be used with from, to or as_of' })
  const sale = context.db`exists (select ${salesToday(context)})`
  return on_sale ? sale : context.db`not ${sale}`
}

/** SQL: the lowest sale price of the current price `p` today. */
export function currentSale(context: ReadContext): Sql {
  return context.db`(select min(o.agorot) ${salesToday(context)})`
}

function salesToday({ db, day }: ReadContext): Sql {
  return db`from pricing.sales o
    where o.product_id = p.product_id and o.store_id = p.store_id and ${day}::date between o.starts_on and o.ends_on`
}

/**
 * SQL: the lowest sale price of any price `p` at a moment, from the promotions that the store
 * listed then.
 */
export function pastSale({ db }: ReadContext, moment: Sql): Sql {
  return db`(select min(${saleAgorot(db)}) from pricing.promotion_terms t
      join pricing.promotions s on s.terms_id = t.id and s.store_id = p.store_id
        and s.valid_from <= ${moment} and (s.valid_to is null or s.valid_to > ${moment})
      join catalog.products c on c.id = p.product_id and ${suitsGoods(db)}
    where t.product_ids @> array[p.product_id]
      and (${moment} at time zone 'Asia/Jerusalem')::date between ${firstDay(db)} and ${lastDay(db)}
      and ${saleAgorot(db)} between 1 and p.agorot - 1)`
}
