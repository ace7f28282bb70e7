import type { Db } from '../../../src/db/connect.ts'
import { agorotFrom, agorotTo } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { amongIds } from '../../../src/http/paging/conditions.ts'
import type { Sql } from '../../../src/http/paging/paging.ts'

import { prices } from '../tables.ts'

const DAY_MS = 86_400_000

/**
 * SQL: list `l` observes span `p`: a full list of its store within the span, or a delta that names
 * its product.
 */
export function namedWithin(db: Db): Sql {
  return db`l.store_id = p.store_id and l.observed_at >= p.valid_from and (p.valid_to is null or l.observed_at < p.valid_to)
      and (l.kind = 'full' or p.product_id = any(l.product_ids))`
}

/** The sort keys of `pricing.prices p`. */
export const PRICE_SORTS = {
  product_id: { column: prices.product_id, alias: 'p' },
  store_id: { column: prices.store_id, alias: 'p' },
  valid_from: { column: prices.valid_from, alias: 'p' },
  price: { column: prices.agorot, alias: 'p' },
}

export function priceBounds(
  { db }: ReadContext,
  { price_min, price_max }: { price_min?: number; price_max?: number },
): (Sql | false)[] {
  return [
    price_min !== undefined && db`p.agorot >= ${agorotFrom(price_min)}`,
    price_max !== undefined && db`p.agorot <= ${agorotTo(price_max)}`,
  ]
}

/**
 * SQL: the newest list that observes the span `p`: a full list of the store, or a delta that names
 * its product.
 */
export function lastSeen({ db }: ReadContext): Sql {
  return db`cross join lateral (
    select l.observed_at, l.file_name from pricing.price_lists l
    where ${namedWithin(db)}
    order by l.observed_at desc, l.kind, l.file_name desc limit 1) seen`
}

export function oldestSeen(
  { generation: { lastObservedAt } }: ReadContext,
  maxAgeDays: number | undefined,
): Date | undefined {
  if (maxAgeDays === undefined || lastObservedAt === null) return undefined
  return new Date(lastObservedAt.getTime() - maxAgeDays * DAY_MS)
}

/** The stores with a full list at this moment or later. */
export function storesListedSince({ db, cached }: ReadContext, moment: Date): Promise<number[]> {
  return cached(`stores with a full list since ${moment.getTime()}`, async () => {
    const rows = await db<{ id: number }[]>`
      select distinct l.store_id as id from pricing.price_lists l where l.kind = 'full' and l.observed_at >= ${moment}`
    return rows.map(({ id }) => id)
  })
}

/**
 * SQL: the price was last observed at this moment or later. A full list since then observes all
 * current prices of its store, so `listed` (the stores that have one) settles most prices without
 * reading the lists.
 */
export function seenSince(context: ReadContext, moment: Date, listed: readonly number[]): Sql {
  const { db } = context
  return db`((p.valid_to is null and ${amongIds(context, db`p.store_id`, listed)}) or p.valid_from >= ${moment} or exists (
    select from pricing.price_lists l
    where ${namedWithin(db)} and l.observed_at >= ${moment}))`
}
