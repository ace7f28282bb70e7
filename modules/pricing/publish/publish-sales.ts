import type { Tx } from '../../../src/db/connect.ts'
import { firstDay, lastDay, saleAgorot, suitsGoods } from '../promotions/sale-sql.ts'

/**
 * Recomputes the sales of the stores whose prices or promotions have `changed`, and of the stores
 * that sell a product of the relation `reweighed`. A sale is the price of one unit for any shopper,
 * by the normal form of terms (`oneUnit`), where it is below the shelf price. Deletes sales that
 * ended before `today` (a day in Israel).
 *
 * Fills the temporary table `changed_sales` with the products whose sales have changed, and with
 * the products on sale in stores that have become stale or are no longer stale (`refreshed`).
 */
export async function refreshSales(
  tx: Tx,
  from: { changed: readonly number[]; refreshed: readonly number[]; reweighed: string },
  today: string,
): Promise<void> {
  await tx`create temp table changed_sales (product_id integer primary key) on commit drop`
  await tx`with over as (delete from pricing.sales where ends_on < ${today}::date returning product_id)
    insert into changed_sales
    select product_id from over
    union select product_id from pricing.sales where store_id = any(${[...from.refreshed]}::int[])`
  const selling = await tx<{ id: number }[]>`
    select distinct p.store_id as id from pricing.prices p join ${tx(from.reweighed)} using (product_id)
    where p.valid_to is null`
  const stores = new Set([...from.changed, ...selling.map(({ id }) => id)])
  if (stores.size > 0) await deriveSales(tx, [...stores], today)
}

async function deriveSales(tx: Tx, stores: number[], today: string): Promise<void> {
  await tx`create temp table new_sales on commit drop as
    select p.product_id, p.store_id, s.terms_id, sale.agorot, ${firstDay(tx)} as starts_on, ${lastDay(tx)} as ends_on
    from (select distinct store_id, terms_id from pricing.promotions
        where valid_to is null and store_id = any(${stores}::int[])) s
      join pricing.promotion_terms t on t.id = s.terms_id
        and t.unit_goods is not null and ${lastDay(tx)} >= ${today}::date
      cross join unnest(t.product_ids) i (product_id)
      join catalog.products c on c.id = i.product_id and ${suitsGoods(tx)}
      join pricing.prices p on p.product_id = i.product_id and p.store_id = s.store_id and p.valid_to is null
      cross join lateral (select ${saleAgorot(tx)} as agorot) sale
    where sale.agorot between 1 and p.agorot - 1`
  await tx`analyze new_sales`
  await tx`with gone as (
      delete from pricing.sales o where store_id = any(${stores}::int[]) and not exists (select from new_sales n
        where (n.product_id, n.store_id, n.terms_id) = (o.product_id, o.store_id, o.terms_id))
      returning product_id
    ), kept as (
      insert into pricing.sales as o (product_id, store_id, terms_id, agorot, starts_on, ends_on)
      select product_id, store_id, terms_id, agorot, starts_on, ends_on from new_sales
      order by product_id, store_id, terms_id
      on conflict (product_id, store_id, terms_id) do update
        set agorot = excluded.agorot, starts_on = excluded.starts_on, ends_on = excluded.ends_on
        where (o.agorot, o.starts_on, o.ends_on) is distinct from (excluded.agorot, excluded.starts_on, excluded.ends_on)
      returning product_id
    )
    insert into changed_sales select product_id from gone union select product_id from kept on conflict do nothing`
}

/**
 * Writes the sale days of the products in `changed_sales` to the temporary table `sale_ranges`: the
 * lowest price of each range of days, over stores observed since `staleBefore`.
 */
export async function rangeSales(tx: Tx, staleBefore: Date | null): Promise<void> {
  await tx`create temp table sale_ranges on commit drop as
    select product_id, array_agg(days order by days, agorot) as sale_days, array_agg(agorot order by days, agorot) as sale_agorot
    from (
      select o.product_id, daterange(starts_on, ends_on, '[]') as days, min(agorot) as agorot
      from pricing.sales o join changed_sales using (product_id)
        join catalog.stores s on s.id = o.store_id
          and (${staleBefore}::timestamptz is null or s.last_observed_at >= ${staleBefore})
      group by o.product_id, starts_on, ends_on
    ) ranges group by product_id`
}
