import type { Db } from '../../../src/db/connect.ts'
import type { Sql } from '../../../src/http/paging/paging.ts'
import { TOKEN_AGOROT } from '../../catalog/index.ts'
import { eachProductSpans } from '../../pricing/index.ts'
import type { PriceChangesQuery } from './change-schemas.ts'

/** Two days, and the instants at which they end. */
export type Period = { from: string; to: string; begin: Date; end: Date }

/** A price that changes by this factor is usually an error of the source. */
const SUSPECT_FACTOR = 5
/** The smaller factor that suffices when one price is also this far from the mean of all stores. */
const OFF_MARKET_FACTOR = 3
/** The least number of stores for that mean. */
const MIN_MARKET_STORES = 2

/**
 * SQL: prices that ended within the period and have a successor: `before` holds at its beginning,
 * `after` at its end.
 *
 * @param where on prices `p`
 */
export function selectMoved(
  db: Db,
  { period: { begin, end }, where }: { period: Period; where: Sql },
) {
  return db`
    select p.product_id, p.store_id, p.agorot as before, l.agorot as after
    from pricing.prices p join pricing.prices l
      on l.product_id = p.product_id and l.store_id = p.store_id and l.valid_from >= p.valid_to
    where ${where} and p.valid_from < ${begin} and p.valid_to >= ${begin} and p.valid_to < ${end}
      and l.valid_from < ${end} and (l.valid_to is null or l.valid_to >= ${end})
      and p.agorot > ${TOKEN_AGOROT} and l.agorot > ${TOKEN_AGOROT}`
}

/** The number and sum of the prices of a product that hold throughout the period, as columns. */
export type Unchanged = { product: number[]; prices: number[]; agorot: number[] }
export const NO_UNCHANGED: Unchanged = { product: [], prices: [], agorot: [] }

/** Sums up the prices of products that hold throughout the period, from their packed spans. */
export async function sumUnchanged(
  db: Db,
  products: readonly number[],
  { period, stores }: { period: Period; stores: ReadonlySet<number> },
): Promise<Unchanged> {
  const unchanged: Unchanged = { product: [], prices: [], agorot: [] }
  const [begin, end] = [period.begin.getTime() / 1000, period.end.getTime() / 1000]
  await eachProductSpans(db, products, ({ productId, size, store, from, to, agorot }) => {
    let [prices, sum] = [0, 0]
    for (let i = 0; i < size; i++) {
      const holds = (from[i] as number) < begin && (to[i] as number) >= end
      if (!holds || !stores.has(store[i] as number)) continue
      prices++
      sum += agorot[i] as number
    }
    unchanged.product.push(productId)
    unchanged.prices.push(prices)
    unchanged.agorot.push(sum)
  })
  return unchanged
}

/** SQL: a row per product (and store), from the prices that moved and those that did not. */
export function selectChanges(
  db: Db,
  { per, direction, suspect, min_stores, include_stale }: PriceChangesQuery,
  { moved, changed, unchanged }: { moved: Sql; changed: readonly number[]; unchanged: Unchanged },
): Sql {
  const perStore = per === 'store'
  const change = percentOf(db`before`, db`after`)
  const sellers = include_stale ? db`c.all_store_count` : db`c.store_count`
  return db`
    with summed as (
      select product_id, ${perStore ? db`store_id` : db`null::integer as store_id`},
        count(*) as stores, sum(before) as before, sum(after) as after, min(${change}) as least,
        max(${change}) as most, (count(*) filter (where after > before))::integer as rises,
        (count(*) filter (where after < before))::integer as drops,
        (count(*) filter (where ${isSuspect()}))::integer as suspects
      from (${moved}) m join catalog.products c on c.id = m.product_id
      where product_id = any(${[...changed]}::int[]) ${perStore ? db`and before <> after` : db``}
      group by product_id ${perStore ? db`, store_id` : db``}
    ), whole as (
      select product_id, store_id, (m.stores + coalesce(s.prices, 0))::integer as stores,
        (m.before + coalesce(s.agorot, 0))::float8 as before,
        (m.after + coalesce(s.agorot, 0))::float8 as after,
        case when s.prices > 0 then least(m.least, 0) else m.least end as least,
        case when s.prices > 0 then greatest(m.most, 0) else m.most end as most,
        rises, drops, suspects
      from summed m left join unnest(
        ${unchanged.product}::int[], ${unchanged.prices}::int[], ${unchanged.agorot}::float8[]
      ) as s (product_id, prices, agorot) using (product_id)
    )
    select w.*, ${percentOf(db`before`, db`after`)}::bigint as percent, size.size, sellers.sellers,
      sellers.sellers < 2 as single_store, floor((2 * (size.size - 10000) * (rises + drops)
        * sellers.sellers + reach.divisor) / (2 * reach.divisor))::bigint as impact
    from whole w join catalog.products c on c.id = w.product_id
      cross join lateral (select round(10000 * greatest(after, before)::numeric
        / least(after, before)::numeric)::bigint as size) size
      cross join lateral (select greatest(${sellers}, 1)::bigint as sellers) sellers
      cross join lateral (select (rises + drops + 2) * (sellers.sellers + 2) as divisor) reach
    where ${direction === undefined ? db`true` : direction === 'rise' ? db`after > before` : db`after < before`}
      and ${suspect === undefined ? db`true` : db`(suspects > 0) = ${suspect}`}
      and ${min_stores === undefined ? db`true` : db`stores >= ${min_stores}`}`

  /** The change in hundredths of a percent, rounded half up. */
  function percentOf(before: Sql, after: Sql): Sql {
    return db`floor(10000 * (${after} - ${before})::float8 / ${before} + 0.5)`
  }

  function isSuspect(): Sql {
    return db`greatest(after, before) >= ${SUSPECT_FACTOR} * least(after, before)::bigint
      or (c.store_count >= ${MIN_MARKET_STORES}
        and greatest(after, before) >= ${OFF_MARKET_FACTOR} * least(after, before)::bigint
        and (${isOffMarket(db`before`)} or ${isOffMarket(db`after`)}))`
  }

  function isOffMarket(agorot: Sql): Sql {
    const total = db`(${agorot}::bigint * c.store_count)`
    return db`greatest(${total}, c.sum_agorot) >= ${OFF_MARKET_FACTOR} * least(${total}, c.sum_agorot)`
  }
}
