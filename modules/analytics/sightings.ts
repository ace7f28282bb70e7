import type { View } from '../../src/http/view.ts'
import { momentAsked, type TimeWindow } from '../pricing/index.ts'

/** When stores were last observed (epoch milliseconds), and which of them are stale for that. */
export type Sightings = { lastSeen: Map<number, number>; stale: Set<number> }

/**
 * Of now as the generation has it; at a moment by the lists until then: what the newest of them says is stale is measured
 * by the same number of days.
 */
export async function findSightings(view: View, window: TimeWindow): Promise<Sightings> {
  const { db, generation } = view
  const { lastObservedAt, staleBefore } = generation
  const rows = await ('asOf' in window
    ? db<{ id: number; at: number }[]>`
        select s.id, (extract(epoch from l.observed_at) * 1000)::float8 as at from catalog.stores s
          cross join lateral (select observed_at from pricing.price_lists l
            where l.store_id = s.id and l.observed_at <= ${momentAsked(window)} order by observed_at desc limit 1) l`
    : db<{ id: number; at: number }[]>`
        select id, (extract(epoch from last_observed_at) * 1000)::float8 as at from catalog.stores
        where last_observed_at is not null`)
  const lastSeen = new Map(rows.map(({ id, at }) => [id, at]))
  const freshFor = Number(lastObservedAt) - Number(staleBefore)
  const bound = staleBefore === null ? Number.NEGATIVE_INFINITY : Math.max(...lastSeen.values()) - freshFor
  return { lastSeen, stale: new Set(rows.filter(({ at }) => at < bound).map(({ id }) => id)) }
}
