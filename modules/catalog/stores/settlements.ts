import type { Db, Tx } from '../../../src/db/connect.ts'
import type { Settlement } from './city-names.ts'

/**
 * Whether to fetch the list of settlements: some store has a city, and the list is older than a
 * month. A day is enough if a store has a code that is not in the list.
 */
export async function needsSettlements(db: Db): Promise<boolean> {
  const [row] = await db<{ needs: boolean }[]>`
    select exists (select from catalog.stores where coalesce(city, city_code) is not null)
      and (fetched is null or fetched < now() - interval '30 days' or fetched < now() - interval '1 day'
        and exists (select from catalog.stores where city_code not in (select code from catalog.settlements))) as needs
    from (select max(fetched_at) as fetched from catalog.settlements) list`
  return row?.needs === true
}

/**
 * Stores a list of settlements; settlements that are no longer listed are kept. Returns how many
 * names are new.
 */
export async function publishSettlements(
  tx: Tx,
  settlements: readonly Settlement[],
): Promise<number> {
  const [row] = await tx<{ named: number }[]>`
    with list as (select code, name from jsonb_to_recordset(${tx.json([...settlements])}) as x (code text, name text)),
    news as (select count(*)::integer as named from list where (code, name) not in (select code, name from catalog.settlements)),
    kept as (
      insert into catalog.settlements (code, name, fetched_at) select code, name, now() from list
      on conflict (code) do update set name = excluded.name, fetched_at = excluded.fetched_at)
    select named from news`
  return row?.named ?? 0
}
