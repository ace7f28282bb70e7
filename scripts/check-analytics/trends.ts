import type { Trend } from '../../modules/analytics/index.ts'
import {
  type Check,
  type CheckTarget,
  compare,
  type Outcome,
  readAllRows,
  sampleIds,
} from './check.ts'

/** Compares trends with SQL over a daily fact table: a row per product, store and day. */
export const trends: Check = {
  name: 'trends',
  async run(target) {
    const outcome: Outcome = { compared: 0, differences: [] }
    const [range] = await target.sql<{ first: string; last: string }[]>`
      select (min(observed_at) at time zone 'Asia/Jerusalem')::date::text as first,
        (max(observed_at) at time zone 'Asia/Jerusalem')::date::text as last from pricing.price_lists`
    const { first = '', last = '' } = range ?? {}
    const soon = new Date(Date.parse(last) - 20 * 86_400_000).toISOString().slice(0, 10)
    const [wide, recent] = [`from=${first}&to=${last}`, `from=${soon}&to=${last}`]
    const stores = await target.sql<{ id: number; chain_id: string }[]>`
      select id, chain_id from catalog.stores where last_observed_at is not null order by md5(id::text) limit 12`
    for (const id of await sampleIds(
      target,
      '(select product_id as id from pricing.prices) p',
      25,
    )) {
      for (const granularity of ['day', 'week', 'month']) {
        await checkQuery(target, outcome, `product_id=${id}&${recent}&granularity=${granularity}`)
      }
      await checkQuery(target, outcome, `product_id=${id}&${wide}&granularity=month`)
    }
    const many = (
      await sampleIds(target, '(select product_id as id from pricing.prices) p', 100)
    ).join()
    for (const { id, chain_id } of stores) {
      await checkQuery(target, outcome, `product_id=${many}&store_id=${id}&${recent}`)
      await checkQuery(
        target,
        outcome,
        `product_id=${many}&chain_id=${chain_id}&${recent}&granularity=week`,
      )
    }
    await checkQuery(target, outcome, `product_id=${many}&${recent}`)
    return outcome
  },
}

async function checkQuery(target: CheckTarget, outcome: Outcome, query: string): Promise<void> {
  const path = `/v1/analytics/trends?${query}`
  const answers = await readAllRows<Trend>(target, path)
  const plain = await plainTrends(target, new URLSearchParams(query))
  compare(
    outcome,
    path,
    answers.map(({ period_end: _, ...row }) => row),
    plain,
  )
}

async function plainTrends({ sql }: CheckTarget, query: URLSearchParams): Promise<unknown[]> {
  const products = query.get('product_id')?.split(',').map(Number) ?? []
  const [store, chain, granularity] = [
    query.get('store_id'),
    query.get('chain_id'),
    query.get('granularity') ?? 'day',
  ]
  const rows = await sql<Record<string, string>[]>`
    with priced as (
      select distinct on (p.product_id, p.store_id, x.day) p.product_id, p.store_id, p.agorot,
        date_trunc(${granularity}, x.day::timestamp)::date as period
      from pricing.prices p join catalog.stores s on s.id = p.store_id join pricing.price_lists l on l.store_id = p.store_id
          and l.observed_at >= p.valid_from and (p.valid_to is null or l.observed_at < p.valid_to)
          and (l.kind = 'full' or p.product_id = any(l.product_ids))
        cross join lateral (select (l.observed_at at time zone 'Asia/Jerusalem')::date as day) x
      where p.product_id = any(${products}) and (${store}::int is null or p.store_id = ${store}::int)
        and (${chain}::text is null or s.chain_id = ${chain})
        and x.day between ${query.get('from')}::date and ${query.get('to')}::date
      order by p.product_id, p.store_id, x.day, l.observed_at desc
    ), periods as (
      select period, min(agorot), round(avg(agorot)) as mean, max(agorot), count(*),
        round(percentile_cont(0.5) within group (order by agorot)::numeric) as median,
        count(distinct (product_id, store_id)) as series, count(distinct store_id) as stores, count(distinct product_id) as products,
        lag(period) over (order by period) as before
      from priced group by period
    ), means as (
      select period, product_id, store_id, avg(agorot) as mean from priced group by 1, 2, 3
    )
    select period::text, min, mean, median, max, count, stores, products, series,
      (select count(*) from means a join means b using (product_id, store_id) where a.period = p.period and b.period = p.before) as matched,
      (select round((100 * (exp(avg(ln(a.mean / b.mean))) - 1))::numeric, 2)
        from means a join means b using (product_id, store_id) where a.period = p.period and b.period = p.before) as change
    from periods p order by period`
  return rows.map((row, i) => ({
    period_start: row.period,
    change_percent: row.change === null ? null : Number(row.change),
    matched_count: Number(row.matched),
    series_count: Number(row.series),
    min: Number(row.min) / 100,
    mean: Number(row.mean) / 100,
    median: Number(row.median) / 100,
    max: Number(row.max) / 100,
    price_count: Number(row.count),
    store_count: Number(row.stores),
    product_count: Number(row.products),
    thin:
      2 * Number(row.series) < Math.max(...rows.map(({ series }) => Number(series))) ||
      (i > 0 && 2 * Number(row.matched) < Number(row.series)),
  }))
}
