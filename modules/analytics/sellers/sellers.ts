import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { israelDate } from '../../../src/israel-time.ts'
import type { TimeWindow } from '../../pricing/index.ts'
import { lastSeenAt, toLastObserved } from './last-observed.ts'

/** A store in a comparison, with the day in Israel on which it was last observed. */
export type Seller = {
  store: {
    id: number
    name: string | null
    chain: string | null
    chain_id: string
    city: string | null
  }
  day: string
  stale: boolean
}

/** All stores that were observed before the given time, by id. */
export function findSellers(
  context: ReadContext,
  window: TimeWindow,
): Promise<Map<number, Seller>> {
  return 'asOf' in window
    ? readSellers(context, window)
    : context.cached('sellers', () => readSellers(context, window))
}

async function readSellers(context: ReadContext, window: TimeWindow): Promise<Map<number, Seller>> {
  const stores = await context.db<(Seller['store'] & { at: number | null })[]>`
    select s.id, s.name, c.name as chain, s.chain_id, coalesce(s.city, t.name) as city, ${lastSeenAt(context, window)} as at
    from catalog.stores s join catalog.chains c on c.id = s.chain_id
      left join catalog.settlements t on t.code = s.city_code`
  const { stale } = toLastObserved(context, stores)
  const sellers = new Map<number, Seller>()
  for (const { at, ...store } of stores) {
    if (at !== null)
      sellers.set(store.id, { store, day: israelDate(at), stale: stale.has(store.id) })
  }
  return sellers
}
