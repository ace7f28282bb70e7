import { analyzeGrown } from '../../../src/db/analyze.ts'
import type { Tx } from '../../../src/db/connect.ts'
import { CHAINS } from '../reference/chains.ts'
import { describeAnew } from './describe.ts'

/** The moment at which a store was observed, in epoch milliseconds. */
export type Observed = { storeId: number; moment: number }

/**
 * Publishes new chains and stores and the facts in store files, from relations with the columns of
 * `ingestion.staged_chains`, `staged_stores` and `staged_store_facts`. If several files describe a
 * store or a chain, all facts are taken from the last file in order (`described_by`).
 *
 * Returns how many stores are new, and how many chains and stores have a new description.
 */
export async function publishStores(
  tx: Tx,
  from: { chains: string; stores: string; facts: string },
): Promise<{ newStores: number; described: number }> {
  await tx`insert into catalog.chains (id, slugs)
    select chain_id, array_agg(distinct slug order by slug) from ${tx(from.chains)} group by chain_id
    on conflict (id) do update set updated_at = now(),
      slugs = array(select distinct slug from unnest(chains.slugs || excluded.slugs) slug order by slug)`
  await nameChains(tx)
  const { count } = await tx`insert into catalog.stores (id, chain_id, store_number)
    select id, chain_id, store_number from ${tx(from.stores)}`
  await tx`select setval(pg_get_serial_sequence('catalog.stores', 'id'), greatest((select max(id) from catalog.stores), 1))`
  const stores =
    await tx`update catalog.stores s set described_by = f.described_by, updated_at = now(),
      name = f.facts ->> 'name', sub_chain_id = f.facts ->> 'sub_chain_id', sub_chain = f.facts ->> 'sub_chain',
      store_type = f.facts ->> 'store_type', city = f.facts ->> 'city', city_code = f.facts ->> 'city_code',
      address = f.facts ->> 'address', zip = f.facts ->> 'zip',
      latitude = (f.facts ->> 'latitude')::numeric, longitude = (f.facts ->> 'longitude')::numeric
    from (select distinct on (store_id) * from ${tx(from.facts)} order by store_id, described_by desc) f
    where s.id = f.store_id and (s.described_by is null or s.described_by < f.described_by)`
  await analyzeGrown(tx, 'catalog.stores', count)
  const chains =
    await tx`update catalog.chains c set name = f.name, described_by = f.described_by, updated_at = now()
    from (select distinct on (s.chain_id) s.chain_id, f.described_by, f.facts ->> 'chain_name' as name
      from ${tx(from.facts)} f join catalog.stores s on s.id = f.store_id
      where f.facts ->> 'chain_name' is not null order by s.chain_id, f.described_by desc, name) f
    where c.id = f.chain_id and (c.described_by is null or c.described_by < f.described_by)`
  return { newStores: count, described: stores.count + chains.count }
}

/** Names chains from the reference data until one of their store files names them. */
export async function nameChains(tx: Tx): Promise<void> {
  const names = [...CHAINS.values()].map(({ id, name }) => ({ id, name }))
  await tx`update catalog.chains c set name = r.name, updated_at = now()
    from jsonb_to_recordset(${tx.json(names)}) as r (id text, name text)
    where c.id = r.id and c.name is null`
}

/** Updates when stores were last observed. A moment before the stored one changes nothing. */
export async function observeStores(tx: Tx, observed: Observed[]): Promise<void> {
  await tx`update catalog.stores s set last_observed_at = o.at
    from (select "storeId" as id, max(to_timestamp(moment / 1000.0)) as at
      from jsonb_to_recordset(${tx.json(observed)}) as x ("storeId" integer, moment bigint) group by 1) o
    where s.id = o.id and (s.last_observed_at is null or s.last_observed_at < o.at)`
}

/**
 * Publishes new products and descriptions (relations with the columns of
 * `ingestion.staged_products` and `staged_descriptions`). Chooses again how products with new
 * descriptions are displayed. New products are added with their card (`ranges`, as for
 * `updateCards`).
 *
 * Leaves in the temporary table `reweighed_products` the products that have changed between sale by
 * weight and sale by the unit.
 */
export async function publishProducts(
  tx: Tx,
  from: { products: string; descriptions: string; ranges: string },
): Promise<{ newProducts: number; described: number }> {
  await tx`create temp table changed_descriptions (product_id integer primary key) on commit drop`
  await tx`with news as (
      select distinct on (product_id, chain_id, hash) * from ${tx(from.descriptions)} n
      where not exists (select from catalog.product_descriptions d
        where (d.product_id, d.chain_id, d.hash) = (n.product_id, n.chain_id, n.hash)
          and d.first_observed_at <= n.first_observed_at)
      order by product_id, chain_id, hash, first_observed_at, extra::text
    ), kept as (
      insert into catalog.product_descriptions as d (product_id, chain_id, hash, first_observed_at, name, manufacturer,
        country, unit_of_measure, unit_quantity, is_weighted, extra)
      select product_id, chain_id, hash, first_observed_at, name, manufacturer,
        country, unit_of_measure, unit_quantity, is_weighted, extra from news
      on conflict (product_id, chain_id, hash) do update
        set first_observed_at = excluded.first_observed_at, extra = excluded.extra
      returning product_id
    )
    insert into changed_descriptions select distinct product_id from kept`
  await tx`insert into changed_descriptions select id from ${tx(from.products)} on conflict do nothing`
  await tx`analyze changed_descriptions`
  const described = await describeAnew(tx, 'changed_descriptions')
  const { count } =
    await tx`insert into catalog.products (id, code, chain_id, name, names, manufacturer, country,
      unit_of_measure, unit_quantity, is_weighted, extra, search, category, subcategory, category_rule, min_agorot, max_agorot, sum_agorot, store_count,
      all_min_agorot, all_max_agorot, all_sum_agorot, all_store_count, chain_ids)
    select n.id, n.code, n.chain_id, coalesce(s.name, n.code), coalesce(s.names, '{}'), s.manufacturer, s.country,
      s.unit_of_measure, s.unit_quantity, coalesce(s.is_weighted, false), s.extra, coalesce(s.search, ''),
      coalesce(s.category, 'Other'), s.subcategory, s.category_rule,
      r.min_agorot, r.max_agorot, r.sum_agorot, coalesce(r.store_count, 0), r.all_min_agorot, r.all_max_agorot,
      r.all_sum_agorot, coalesce(r.all_store_count, 0), coalesce(r.chain_ids, '{}')
    from ${tx(from.products)} n left join display_values s on s.product_id = n.id
      left join ${tx(from.ranges)} r on r.product_id = n.id order by n.id`
  await tx`select setval(pg_get_serial_sequence('catalog.products', 'id'),
    greatest((select max(id) from catalog.products), 1))`
  await analyzeGrown(tx, 'catalog.products', count, [
    'id',
    'code',
    'chain_id',
    'manufacturer',
    'store_count',
  ])
  return { newProducts: count, described }
}

/**
 * Updates the current price ranges of the products in the relation `products`. The relation
 * `ranges` has the card's columns by `product_id`; a product without a row in it is sold nowhere
 * now.
 */
export async function updateCards(
  tx: Tx,
  from: { products: string; ranges: string },
): Promise<number> {
  const { count } = await tx`update catalog.products p set updated_at = now(),
      min_agorot = r.min_agorot, max_agorot = r.max_agorot, sum_agorot = r.sum_agorot,
      store_count = coalesce(r.store_count, 0), all_min_agorot = r.all_min_agorot, all_max_agorot = r.all_max_agorot,
      all_sum_agorot = r.all_sum_agorot, all_store_count = coalesce(r.all_store_count, 0),
      chain_ids = coalesce(r.chain_ids, '{}')
    from ${tx(from.products)} c left join ${tx(from.ranges)} r using (product_id)
    where p.id = c.product_id
      and (p.min_agorot, p.max_agorot, p.sum_agorot, p.store_count, p.all_min_agorot, p.all_max_agorot,
          p.all_sum_agorot, p.all_store_count, p.chain_ids)
        is distinct from (r.min_agorot, r.max_agorot, r.sum_agorot, coalesce(r.store_count, 0), r.all_min_agorot,
          r.all_max_agorot, r.all_sum_agorot, coalesce(r.all_store_count, 0), coalesce(r.chain_ids, '{}'))`
  return count
}

/** Updates the days on which products are on sale, from relations as for `updateCards`. */
export async function updateSales(
  tx: Tx,
  from: { products: string; ranges: string },
): Promise<number> {
  const { count } = await tx`update catalog.products p set updated_at = now(),
      sale_days = coalesce(r.sale_days, '{}'), sale_agorot = coalesce(r.sale_agorot, '{}')
    from ${tx(from.products)} c left join ${tx(from.ranges)} r using (product_id)
    where p.id = c.product_id
      and (p.sale_days, p.sale_agorot) is distinct from (coalesce(r.sale_days, '{}'), coalesce(r.sale_agorot, '{}'))`
  return count
}

/** Deletes all chains, stores and products. */
export async function emptyCatalog(tx: Tx): Promise<void> {
  const tables = ['product_descriptions', 'products', 'stores', 'chains', 'search_words']
  for (const table of tables) await tx`delete from ${tx(`catalog.${table}`)}`
}
