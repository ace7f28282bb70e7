import type { Tx } from '../../../src/db/connect.ts'
import { firstDay, lastDay, saleAgorot, suitsGoods, unitPrice } from '../promotions/sale-sql.ts'

/**
 * The day in Israel of the newest observation of the dataset, now (`today`) and before this publish
 * (`before`).
 */
type Days = { today: string; before: string; staleBefore: Date | null }

/**
 * Recomputes the reductions: where one unit costs less today than the store charged before
 * (docs/analytics.md, deals). Covers the products of the `changed` relations, the products whose
 * promotions begin by today, and all products of stores whose past received late data.
 *
 * An empty table is computed completely. Runs after `refreshSales`.
 */
export async function refreshReductions(
  tx: Tx,
  changed: readonly string[],
  days: Days,
): Promise<void> {
  await tx`create temp table touched_products (product_id integer primary key) on commit drop`
  for (const relation of changed) {
    await tx`insert into touched_products select product_id from ${tx(relation)} on conflict do nothing`
  }
  await tx`insert into touched_products
    select product_id from pricing.sales where starts_on > ${days.before}::date and starts_on <= ${days.today}::date
    on conflict do nothing`
  const [kept] = await tx`select from pricing.reductions limit 1`
  if (kept === undefined)
    await tx`insert into touched_products select id from catalog.products on conflict do nothing`
  else await touchLate(tx)
  await tx`delete from pricing.reductions where last_day < ${days.today}::date - 30`
  const [touched] = await tx`select from touched_products limit 1`
  if (touched === undefined) return
  await tx`analyze touched_products`
  await gatherHistory(tx, days.today)
  await gatherReductions(tx, days)
  await replaceReductions(tx)
}

/**
 * Adds the current products of stores with late data: a list of this transaction that is older than
 * the store's newest day, or the store's first list of promotions.
 */
async function touchLate(tx: Tx): Promise<void> {
  const newer = tx`select from pricing.price_lists n where n.store_id = l.store_id and n.observed_at >= ${dayAfter(tx)}`
  const late = await tx<{ id: number }[]>`
    select l.store_id as id from pricing.price_lists l where l.created_at = now() and exists (${newer})
    union
    select l.store_id from pricing.promotion_lists l where l.created_at = now()
      and (exists (${newer}) or not exists (select from pricing.promotion_lists n
        where n.store_id = l.store_id and n.created_at < now()))`
  if (late.length === 0) return
  await tx`insert into touched_products
    select distinct product_id from pricing.prices where valid_to is null and store_id = any(${late.map(({ id }) => id)})
    on conflict do nothing`
}

/** SQL: the end of the day in Israel of list `l`. */
function dayAfter(tx: Tx) {
  return tx`((l.observed_at at time zone 'Asia/Jerusalem')::date + 1)::timestamp at time zone 'Asia/Jerusalem'`
}

/**
 * Fills two temporary tables. `offered` has today's price of one unit of the touched products where
 * it may be lower than before. `asked` has what the store charged at the end of each earlier
 * observed day.
 */
async function gatherHistory(tx: Tx, today: string): Promise<void> {
  const since = tx`(${today}::date - 120)::timestamp at time zone 'Asia/Jerusalem'`
  await tx`create temp table observed_days on commit drop as
    select store_id, day, (day + 1)::timestamp at time zone 'Asia/Jerusalem' as ended
    from (select distinct store_id, (observed_at at time zone 'Asia/Jerusalem')::date as day from pricing.price_lists
      where observed_at >= ${since} and observed_at < ${today}::date::timestamp at time zone 'Asia/Jerusalem') days`
  await tx`analyze observed_days`
  await tx`create temp table offered on commit drop as
    with sale as (
      select distinct on (o.product_id, o.store_id) o.product_id, o.store_id, o.agorot, o.terms_id, o.ends_on
      from pricing.sales o join touched_products using (product_id) join pricing.promotion_terms t on t.id = o.terms_id
      where ${today}::date between o.starts_on and o.ends_on and o.store_id in (select store_id from observed_days)
      order by o.product_id, o.store_id, o.agorot, o.ends_on desc, t.digest
    ), pair as (
      select product_id, store_id from sale
      union
      select p.product_id, p.store_id from pricing.prices p join touched_products using (product_id)
      where p.valid_to > (${today}::date - 30)::timestamp at time zone 'Asia/Jerusalem'
        and p.store_id in (select store_id from observed_days)
    )
    select p.product_id, p.store_id, coalesce(o.agorot, p.agorot) as agorot, p.agorot as shelf_agorot, o.terms_id,
      coalesce(o.ends_on, 'infinity') as ends_on
    from pair join pricing.prices p using (product_id, store_id) left join sale o using (product_id, store_id)
    where p.valid_to is null`
  await tx`analyze offered`
  // for the time before a store's first list of promotions, the promotions of that list count from
  // the day on which they begin
  await tx`create temp table promoted on commit drop as
    select i.product_id, s.store_id, ${unitPrice(tx)} as unit_agorot, t.unit_off, t.unit_rate, ${firstDay(tx)} as first_day,
      ${lastDay(tx)} as last_day, s.valid_to, case when s.valid_from > f.at then s.valid_from else '-infinity' end as valid_from
    from pricing.promotion_terms t
      cross join unnest(t.product_ids) i (product_id)
      join catalog.products c on c.id = i.product_id and ${suitsGoods(tx)}
      join pricing.promotions s on s.terms_id = t.id and (s.valid_to is null or s.valid_to > ${since})
      join (select store_id, min(observed_at) as at from pricing.promotion_lists group by store_id) f
        on f.store_id = s.store_id
      join offered o on o.product_id = i.product_id and o.store_id = s.store_id
    where t.unit_goods is not null`
  await tx`analyze promoted`
  await tx`create temp table asked on commit drop as
    select o.product_id, o.store_id, d.day, o.agorot as offer,
      least(p.agorot, min(sale.agorot) filter (where sale.agorot > 0)) as agorot
    from offered o join pricing.prices p using (product_id, store_id)
      join observed_days d on d.store_id = o.store_id and p.valid_from < d.ended
        and (p.valid_to is null or p.valid_to >= d.ended)
      left join promoted t on t.product_id = o.product_id and t.store_id = o.store_id
        and d.day between t.first_day and t.last_day
        and t.valid_from < d.ended and (t.valid_to is null or t.valid_to >= d.ended)
      left join lateral (select ${saleAgorot(tx, tx`t.unit_agorot`)} as agorot) sale on true
    group by o.product_id, o.store_id, d.day, o.agorot, p.agorot`
}

/**
 * Fills the temporary table `reduced` with the prices below both the 30-day low and the 90-day
 * median before.
 */
async function gatherReductions(tx: Tx, { today, staleBefore }: Days): Promise<void> {
  await tx`create temp table reduced on commit drop as
    select product_id, store_id, last_day, s.chain_id,
      min(a.agorot) filter (where day > last_day - 30) as low_30,
      round(percentile_cont(0.5) within group (order by a.agorot) filter (where day > last_day - 30)::numeric) as median_30,
      count(*) filter (where day > last_day - 30) as days_30, min(a.agorot) as low_90,
      round(percentile_cont(0.5) within group (order by a.agorot)::numeric) as median_90, count(*) as days_90
    from (select *, max(day) filter (where agorot <> offer) over (partition by product_id, store_id) as last_day from asked) a
      join catalog.stores s on s.id = store_id
    where day <= last_day and day > last_day - 90 and last_day >= ${today}::date - 30
    group by product_id, store_id, last_day, offer, s.chain_id
    having offer < min(a.agorot) filter (where day > last_day - 30)
      and offer < percentile_cont(0.5) within group (order by a.agorot)`
  await tx`analyze reduced`
  await tx`create temp table market on commit drop as
    select r.product_id, r.chain_id, count(*) filter (where s.fresh) as stores, count(*) as all_stores,
      round(percentile_cont(0.5) within group (order by unit.agorot) filter (where s.fresh)::numeric) as agorot,
      round(percentile_cont(0.5) within group (order by unit.agorot)::numeric) as all_agorot
    from (select distinct product_id, chain_id from reduced) r
      join pricing.prices p on p.product_id = r.product_id and p.valid_to is null
      join (select id, chain_id, ${staleBefore}::timestamptz is null or last_observed_at >= ${staleBefore} as fresh
        from catalog.stores) s on s.id = p.store_id and s.chain_id <> r.chain_id
      cross join lateral (select least(p.agorot, min(o.agorot)) as agorot from pricing.sales o
        where o.product_id = p.product_id and o.store_id = p.store_id and ${today}::date between o.starts_on and o.ends_on) unit
    group by r.product_id, r.chain_id`
}

/** Writes only the rows that differ. */
async function replaceReductions(tx: Tx): Promise<void> {
  await tx`delete from pricing.reductions d using touched_products t where d.product_id = t.product_id
    and not exists (select from reduced r where (r.product_id, r.store_id) = (d.product_id, d.store_id))`
  await tx`insert into pricing.reductions as d
    select product_id, store_id, o.agorot, o.shelf_agorot, o.terms_id, o.ends_on, r.last_day, r.low_30, r.median_30, r.days_30,
      r.low_90, r.median_90, r.days_90, m.agorot, coalesce(m.stores, 0), m.all_agorot, coalesce(m.all_stores, 0)
    from reduced r join offered o using (product_id, store_id) left join market m using (product_id, chain_id)
    order by product_id, store_id
    on conflict (product_id, store_id) do update set agorot = excluded.agorot, shelf_agorot = excluded.shelf_agorot,
      terms_id = excluded.terms_id, ends_on = excluded.ends_on, last_day = excluded.last_day, low_30 = excluded.low_30,
      median_30 = excluded.median_30, days_30 = excluded.days_30, low_90 = excluded.low_90,
      median_90 = excluded.median_90, days_90 = excluded.days_90, market_agorot = excluded.market_agorot,
      market_stores = excluded.market_stores, all_market_agorot = excluded.all_market_agorot,
      all_market_stores = excluded.all_market_stores
    where d is distinct from excluded`
}
