import type { CheapStore } from '../../modules/analytics/index.ts'
import { type Check, type CheckTarget, compare, type Outcome, readAllRows } from './check.ts'

/** Compares store indexes with simple SQL over the prices of a day. */
export const cheapestStores: Check = {
  name: 'cheapest-stores',
  async run(target) {
    const outcome: Outcome = { compared: 0, differences: [] }
    const categories = await target.sql<{ category: string }[]>`
      select category from catalog.products where category is not null
      group by 1 order by count(*) desc limit 3`
    const [chain] = await target.sql<{ id: string }[]>`
      select chain_id as id from catalog.stores group by 1 order by count(*) desc limit 1`
    for (const category of [null, ...categories.map(({ category }) => category)]) {
      const now = await plainIndices(target, category, null)
      const past = new Map<number, Plain>()
      for (const { id, day } of now.filter(({ fresh }) => !fresh)) {
        const own = (await plainIndices(target, category, day)).find((row) => row.id === id)
        if (own !== undefined) past.set(id, own)
      }
      for (const filter of ['', `chain_id=${chain?.id}`, 'min_products=3', 'include_stale=true']) {
        const withStale = filter === 'include_stale=true'
        const named = category === null ? '' : `&category=${encodeURIComponent(category)}`
        const path = `/v1/analytics/cheapest-stores?${filter}${named}`
        const answers = await readAllRows<CheapStore>(target, path)
        const stores = now
          .filter(({ chain_id }) => !filter.startsWith('chain_id') || filter.endsWith(chain_id))
          .map((row) => (withStale ? { ...row, ...past.get(row.id), fresh: row.fresh } : row))
        const isRanked = ({ n, fresh, products }: Plain) =>
          n >= (filter.startsWith('min') ? 3 : Math.max(30, Math.ceil(products / 20))) &&
          (fresh || withStale)
        const rows = [
          ...stores.filter(isRanked).sort((a, b) => Number(a.mean) - Number(b.mean) || a.id - b.id),
          ...stores.filter((row) => !isRanked(row)).sort((a, b) => a.id - b.id),
        ]
        compare(
          outcome,
          path,
          answers.map((row) => [
            ...[row.rank, row.store.id, row.index, row.interval, row.product_count],
            ...[row.market_products, row.market_stores],
          ]),
          rows.map((row, i) => [
            ...[isRanked(row) ? i + 1 : null, row.id, row.index],
            ...[row.n < 2 ? null : { low: row.low, high: row.high }, row.n],
            ...[row.products, row.stores],
          ]),
        )
      }
    }
    return outcome
  },
}

type Plain = {
  id: number
  chain_id: string
  fresh: boolean
  /** The day in Israel on which the store was last observed. */
  day: string
  n: number
  mean: number | null
  index: number | null
  low: number | null
  high: number | null
  products: number
  stores: number
}

/** All stores relative to the market at the end of a day, or to the current market. */
function plainIndices({ sql }: CheckTarget, category: string | null, day: string | null) {
  return sql<Plain[]>`
    with bounds as (
      select (${day}::date + 1)::timestamp at time zone 'Asia/Jerusalem' as ends_at
    ), seen as (
      select s.id, s.chain_id, case when ends_at is null then s.last_observed_at
        else (select max(observed_at) from pricing.price_lists l
          where l.store_id = s.id and observed_at < ends_at) end as at
      from catalog.stores s, bounds where s.last_observed_at is not null
    ), stores as (
      select seen.*, at >= (select max(at) from seen) - (last_observed_at - stale_before) as fresh,
        (at at time zone 'Asia/Jerusalem')::date::text as day
      from seen, core.generation where at is not null
    ), offers as (
      select p.product_id, s.id, s.chain_id, s.fresh, ln(p.agorot::float8) as log
      from bounds, pricing.prices p join stores s on s.id = p.store_id
        join catalog.products c on c.id = p.product_id
      where case when ends_at is null then p.valid_to is null
          else p.valid_from < ends_at and (p.valid_to is null or p.valid_to >= ends_at) end
        and case when ${category}::text is null then c.category is distinct from 'Not Goods'
          else c.category = ${category} end
    ), market as (
      select product_id, avg(log) as log from offers where fresh group by 1
      having count(*) >= greatest(3, ceil(0.05 * (select count(*) from stores where fresh)))
        and count(distinct chain_id) >= 2
    ), relatives as (
      select o.id, o.fresh, o.log - m.log as log from offers o join market m using (product_id)
    ), indices as (
      select id, fresh, count(*)::int as n, avg(log) as mean,
        1.96 * coalesce(stddev_samp(log), 0) / sqrt(count(*)) as reach
      from relatives group by 1, 2
    )
    select s.id, s.chain_id, s.fresh, s.day, coalesce(n, 0) as n, mean,
      round(100 * exp(mean)::numeric, 2)::float8 as index,
      round(100 * exp(mean - reach)::numeric, 2)::float8 as low,
      round(100 * exp(mean + reach)::numeric, 2)::float8 as high,
      (select count(*)::int from market) as products,
      (select count(*)::int from indices where fresh) as stores
    from stores s left join indices using (id) order by mean, s.id`
}
