import { copyIn } from '../../../src/db/binary-copy.ts'
import type { Sql, Tx } from '../../../src/db/connect.ts'
import { countCoverage } from '../spans/coverage.ts'
import { packSpans } from '../spans/product-spans.ts'
import { PRICES } from '../spans/span-tables.ts'
import { type NewList, type Published, publishLists } from './publish-lists.ts'

/**
 * Applies price lists to the spans and updates the packed spans of the changed products. Leaves
 * these products in the temporary table `changed_products`. Runs in the publishing transaction.
 */
export async function publishPrices(tx: Tx, batches: AsyncIterable<NewList[]>): Promise<Published> {
  await tx`create temp table changed_products (product_id integer primary key) on commit drop`
  const { changedKeys, observations, ...published } = await publishLists(tx, PRICES, batches)
  await countCoverage(tx, observations)
  await copyIn(tx, 'copy changed_products (product_id)', function* (to) {
    for (const product of changedKeys) {
      to.row(1)
      to.int4(product)
      yield
    }
  })
  await tx`analyze changed_products`
  await packSpans(tx)
  return published
}

/**
 * Writes the current price ranges of the products in `changed_products` to the temporary table
 * `price_ranges`: over stores observed since `staleBefore`, and over all stores.
 */
export async function rangePrices(tx: Tx, staleBefore: Date | null): Promise<void> {
  await tx`create temp table price_ranges on commit drop as
    with by_chain as (
      select p.product_id, s.chain_id, s.fresh,
        min(p.agorot) as low, max(p.agorot) as high, sum(p.agorot) as total, count(*) as stores
      from pricing.prices p join changed_products using (product_id)
        join (select id, chain_id, ${staleBefore}::timestamptz is null or last_observed_at >= ${staleBefore} as fresh
          from catalog.stores) s on s.id = p.store_id
      where p.valid_to is null group by p.product_id, s.chain_id, s.fresh
    )
    select product_id, min(low) filter (where fresh) as min_agorot, max(high) filter (where fresh) as max_agorot,
      (sum(total) filter (where fresh))::bigint as sum_agorot, (sum(stores) filter (where fresh))::integer as store_count,
      min(low) as all_min_agorot, max(high) as all_max_agorot, sum(total)::bigint as all_sum_agorot,
      sum(stores)::integer as all_store_count, array_agg(distinct chain_id order by chain_id) as chain_ids
    from by_chain group by product_id`
  await tx`analyze price_ranges (product_id)`
}

/** The ids of the stores that are not stale. */
export async function freshStores(tx: Tx, staleBefore: Date | null): Promise<number[]> {
  const rows = await tx<{ id: number }[]>`
    select id from catalog.stores where ${staleBefore}::timestamptz is null or last_observed_at >= ${staleBefore}`
  return rows.map(({ id }) => id)
}

/**
 * Adds to `changed_products` all products of stores that have become stale or are no longer stale.
 * Returns these stores.
 */
export async function markRefreshed(tx: Tx, before: number[], after: number[]): Promise<number[]> {
  const fresh = new Set(after)
  const were = new Set(before)
  const changed = [...before.filter((id) => !fresh.has(id)), ...after.filter((id) => !were.has(id))]
  if (changed.length === 0) return []
  await tx`insert into changed_products
    select distinct p.product_id from pricing.prices p where p.valid_to is null and p.store_id = any(${changed})
    on conflict do nothing`
  return changed
}

/**
 * Makes the space of removed spans reusable (outside of a transaction). Loading an older version
 * moves the beginning of nearly every span, and autovacuum would run only after the next version.
 */
export async function vacuumPrices(db: Sql): Promise<void> {
  await db`vacuum pricing.prices`
}

/** Deletes all prices, price lists and their coverage counts. */
export async function emptyPrices(tx: Tx): Promise<void> {
  const tables = ['prices', 'product_spans', 'store_levels', 'price_lists', 'coverage']
  for (const table of tables) await tx`delete from ${tx(`pricing.${table}`)}`
}
