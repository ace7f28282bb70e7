import type { Db } from '../../../src/db/connect.ts'

/**
 * A store, the moment of its newest price list (null without one), and whether a store file
 * describes it.
 */
export type StoreSeen = {
  chain_id: string
  store_number: number
  last_observed_at: Date | null
  named: boolean
}

/** Reads all stores. */
export function readStoresSeen(db: Db): Promise<StoreSeen[]> {
  return db`select chain_id, store_number, last_observed_at, described_by is not null as named from catalog.stores`
}

/** The ids of the chains that use each file slug. */
export async function readChainsOfSlugs(db: Db): Promise<Map<string, string[]>> {
  const rows = await db<{ slug: string; ids: string[] }[]>`
    select slug, array_agg(c.id order by c.id) as ids from catalog.chains c cross join unnest(c.slugs) as slug group by slug`
  return new Map(rows.map(({ slug, ids }) => [slug, ids]))
}
