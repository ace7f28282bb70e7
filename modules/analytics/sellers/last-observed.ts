import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { Sql } from '../../../src/http/paging/paging.ts'
import { momentAsked, type TimeWindow } from '../../pricing/index.ts'

/** When each store was last observed (epoch milliseconds), and which stores are stale. */
export type LastObserved = { lastSeen: Map<number, number>; stale: Set<number> }

/** Reads the last observations, now or as of a past time, which uses only the lists before it. */
export async function findLastObserved(
  context: ReadContext,
  window: TimeWindow,
): Promise<LastObserved> {
  const rows = await context.db<{ id: number; at: number | null }[]>`
    select s.id, ${lastSeenAt(context, window)} as at from catalog.stores s`
  return toLastObserved(context, rows)
}

/** SQL: when store `s` was last observed, in epoch milliseconds, or null. */
export function lastSeenAt({ db }: ReadContext, window: TimeWindow): Sql {
  const at =
    'asOf' in window
      ? db`(select max(l.observed_at) from pricing.price_lists l
          where l.store_id = s.id and l.observed_at <= ${momentAsked(window)})`
      : db`s.last_observed_at`
  return db`(extract(epoch from ${at}) * 1000)::float8`
}

/** Marks stores as stale that were not observed within the dataset's limit. */
export function toLastObserved(
  { generation }: ReadContext,
  rows: readonly { id: number; at: number | null }[],
): LastObserved {
  const { lastObservedAt, staleBefore } = generation
  const lastSeen = new Map<number, number>()
  let newest = Number.NEGATIVE_INFINITY
  for (const { id, at } of rows) {
    if (at === null) continue
    lastSeen.set(id, at)
    newest = Math.max(newest, at)
  }
  const freshFor = Number(lastObservedAt) - Number(staleBefore)
  const bound = staleBefore === null ? Number.NEGATIVE_INFINITY : newest - freshFor
  return {
    lastSeen,
    stale: new Set([...lastSeen].filter(([, at]) => at < bound).map(([id]) => id)),
  }
}
