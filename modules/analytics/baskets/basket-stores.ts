import { notFound } from '../../../src/http/contract/app-error.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import {
  findStoreIds,
  findStoresById,
  type Store,
  type StoreFilter,
  storeFilterOf,
} from '../../catalog/index.ts'
import type { TimeWindow } from '../../pricing/index.ts'
import { findLastObserved, type LastObserved } from '../sellers/last-observed.ts'

/** Store filters of a request; all stores without any. */
export type RequestedStores = StoreFilter & {
  stores?: readonly number[] | undefined
  include_stale?: boolean | undefined
}

/** A store with the time of its last observation (epoch milliseconds). */
export type ComparedStore = Store & { lastSeen: number }

/** The stores to compare, by id, and the ids of stale stores that are left out. */
export type MatchingStores = { compared: ComparedStore[]; stale: number[] }

/**
 * Finds the stores of a comparison. A store that was never observed counts as stale if the request
 * names it, and is ignored otherwise.
 *
 * @throws AppError STORE_NOT_FOUND for unknown ids
 */
export async function findStores(
  context: ReadContext,
  { stores: named, include_stale = false, ...filters }: RequestedStores,
  window: TimeWindow,
): Promise<MatchingStores> {
  const { lastSeen, stale } = await readObservations(context, window)
  const matching = await findStoreIds(context, storeFilterOf(filters))
  const known = await context.cached('every observed store', async () => {
    return findStoresById(
      context,
      (await findStoreIds(context, { observedSince: new Date(0) })) ?? [],
    )
  })
  const others = named?.filter((id) => !known.has(id)) ?? []
  const found =
    others.length === 0 ? known : new Map([...known, ...(await findStoresById(context, others))])
  const missing = others.filter((id) => !found.has(id))
  if (missing.length > 0) throw notFound('STORE_NOT_FOUND', `store ${missing.join(', ')}`)
  const among = matching === undefined ? null : new Set(matching)
  const requested = named === undefined ? found.keys() : new Set(named)
  const result: MatchingStores = { compared: [], stale: [] }
  for (const id of [...requested].sort((a, b) => a - b)) {
    const store = found.get(id)
    if (store === undefined || among?.has(id) === false) continue
    const seen = lastSeen.get(store.id)
    const isStale = seen === undefined || stale.has(store.id)
    if (seen !== undefined && (!isStale || include_stale))
      result.compared.push({ ...store, lastSeen: seen, stale: isStale })
    else if (seen !== undefined || named !== undefined) result.stale.push(store.id)
  }
  return result
}

function readObservations(context: ReadContext, window: TimeWindow): Promise<LastObserved> {
  const find = () => findLastObserved(context, window)
  return 'now' in window ? context.cached('sightings', find) : find()
}
