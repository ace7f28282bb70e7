import type { CheapStore } from '../../modules/analytics/index.ts'
import { type Asked, type Check, compare, type Outcome, rowsOf } from './check.ts'

/** Indices of stores against plain SQL over the current prices. */
export const cheapestStores: Check = {
  name: 'cheapest-stores',
  async run(asked) {
    const outcome: Outcome = { compared: 0, differences: [] }
    const categories = await asked.sql<{ category: string }[]>`
      select category from catalog.products where category is not null group by 1 order by count(*) desc limit 3`
    const [chain] = await asked.sql<{ id: string }[]>`
      select chain_id as id from catalog.stores group by 1 order by count(*) desc limit 1`
    for (const category of [null, ...categories.map(({ category }) => category)]) {
      const plain = await plainIndices(asked, category)
      for (const filter of ['', `chain_id=${chain?.id}`, 'include_stale=true']) {
        const named = category === null ? '' : `&category=${encodeURIComponent(category)}`
        const path = `/v1/analytics/cheapest-stores?${filter}${named}`
        const answers = await rowsOf<CheapStore>(asked, path)
        const stores = plain.filter(
          ({ chain_id }) =>
            filter === 'include_stale=true' || filter === '' || filter.endsWith(chain_id),
        )
        const isRanked = ({ n, fresh }: Plain) =>
          n >= 30 && (fresh || filter === 'include_stale=true')
        const rows = [
          ...stores.filter(isRanked),
          ...stores.filter((row) => !isRanked(row)).sort((a, b) => a.id - b.id),
        ]
        compare(
          outcome,
          path,
          answers.map(
            ({ rank, store, index, interval, product_count, market_products, market_stores }) => [
              ...[rank, store.id, index, interval, product_count, market_products, market_stores],
            ],
          ),
          rows.map((row, i) => [
            ...[
              isRanked(row) ? i + 1 : null,
              row.id,
              row.index,
              row.n < 2 ? null : { low: row.low, high: row.high },
            ],
            ...[row.n, row.products, row.stores],
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
  n: number
  index: number | null
  low: number | null
  high: number | null
  products: number
  stores: number
}

/** All stores in the order of their indices. */
function plainIndices({ sql }: Asked, category: string | null): Promise<Plain[]> {
  return sql<Plain[]>`
    with stores as (
      select s.*, stale_before is null or s.last_observed_at >= stale_before as fresh from catalog.stores s, core.generation
      where s.last_observed_at is not null
    ), offers as (
      select p.product_id, s.id, s.chain_id, s.fresh, ln(p.agorot::float8) as log
      from pricing.prices p join stores s on s.id = p.store_id join catalog.products c on c.id = p.product_id
      where p.valid_to is null and (${category}::text is null or c.category = ${category})
    ), market as (
      select product_id, avg(log) as log from offers where fresh group by 1
      having count(*) >= greatest(3, ceil(0.05 * (select count(*) from stores where fresh))) and count(distinct chain_id) >= 2
    ), relatives as (
      select o.id, o.chain_id, o.fresh, o.log - m.log as log from offers o join market m using (product_id)
    ), indices as (
      select id, chain_id, fresh, count(*)::int as n, avg(log) as mean,
        1.96 * coalesce(stddev_samp(log), 0) / sqrt(count(*)) as reach from relatives group by 1, 2, 3
    )
    select s.id, s.chain_id, s.fresh, coalesce(n, 0) as n, round(100 * exp(mean)::numeric, 2)::float8 as index,
      round(100 * exp(mean - reach)::numeric, 2)::float8 as low, round(100 * exp(mean + reach)::numeric, 2)::float8 as high,
      (select count(*)::int from market) as products, (select count(*)::int from indices where fresh) as stores
    from stores s left join indices using (id) order by mean, s.id`
}
