import type { Db, Tx } from '../../../src/db/connect.ts'
import { israelDate } from '../../../src/israel-time.ts'

/**
 * Recounts the coverage of the chains on the days of these price or promotion lists. Runs in the
 * transaction that publishes them.
 */
export async function countCoverage(
  tx: Tx,
  lists: readonly { storeId: number; moment: number }[],
): Promise<void> {
  if (lists.length === 0) return
  const stores = lists.map(({ storeId }) => storeId)
  const days = lists.map(({ moment }) => israelDate(moment))
  await tx`insert into pricing.coverage (chain_id, day, stores, full_stores, items, full_lists, delta_lists, promotions,
      promotion_lists, last_list_at)
    select chain_id, day, count(distinct store_id),
      count(distinct store_id) filter (where of = 'prices' and kind = 'full'),
      coalesce(sum(rows) filter (where of = 'prices' and kind = 'full' and nth = 1), 0),
      count(*) filter (where of = 'prices' and kind = 'full'), count(*) filter (where of = 'prices' and kind = 'delta'),
      coalesce(sum(rows) filter (where of = 'promotions' and kind = 'full' and nth = 1), 0),
      count(*) filter (where of = 'promotions'), max(observed_at)
    from (
      select d.chain_id, d.day, l.of, l.store_id, l.kind, l.rows, l.observed_at,
        row_number() over (partition by l.of, l.store_id, d.day, l.kind
          order by l.observed_at desc, l.file_name collate "C" desc, l.sha256 desc) as nth
      from (
        select distinct s.chain_id, x.day
        from unnest(${stores}::int[], ${days}::date[]) as x (store_id, day) join catalog.stores s on s.id = x.store_id
      ) d
        join catalog.stores s on s.chain_id = d.chain_id
        join (
          select 'prices' as of, store_id, kind, rows, observed_at, file_name, sha256 from pricing.price_lists
          union all
          select 'promotions', store_id, kind, rows, observed_at, file_name, sha256 from pricing.promotion_lists
        ) l on l.store_id = s.id
          and l.observed_at >= d.day::timestamp at time zone 'Asia/Jerusalem'
          and l.observed_at < (d.day + 1)::timestamp at time zone 'Asia/Jerusalem'
    ) seen
    group by chain_id, day
    on conflict (chain_id, day) do update set stores = excluded.stores, full_stores = excluded.full_stores,
      items = excluded.items, full_lists = excluded.full_lists, delta_lists = excluded.delta_lists,
      promotions = excluded.promotions, promotion_lists = excluded.promotion_lists, last_list_at = excluded.last_list_at`
}

/**
 * The number of items for every chain and day with full lists, and the number of stores that they
 * come from.
 */
export function readDayItems(
  db: Db,
): Promise<{ chain_id: string; day: string; items: number; stores: number }[]> {
  return db`select chain_id, day::text, items, full_stores as stores from pricing.coverage where full_lists > 0`
}
