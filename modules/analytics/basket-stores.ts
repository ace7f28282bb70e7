import { notFound } from '../../src/http/app-error.ts'
import type { View } from '../../src/http/view.ts'
import { findStoreIds, findStoresById, type Store } from '../catalog/index.ts'
import type { TimeWindow } from '../pricing/index.ts'
import { findSightings } from './sightings.ts'

/** Which stores are asked for; all of them where nothing is said. */
export type StoresAsked = {
  stores?: readonly number[] | undefined
  city?: string | undefined
  chain?: string | undefined
  chain_id?: string | undefined
  include_stale?: boolean | undefined
}

/** With the moment of its last observation, in epoch milliseconds. */
export type ComparedStore = Store & { lastSeen: number }

/** The stores to compare, by id, and the ids of those that are left out because they were not observed lately. */
export type StoresFound = { compared: ComparedStore[]; stale: number[] }

/**
 * Finds the stores of a comparison. One that was never observed is left out, and told only to who names it.
 *
 * @throws AppError STORE_NOT_FOUND for ids that are not known
 */
export async function findStores(
  view: View,
  { stores: named, city, chain, chain_id, include_stale = false }: StoresAsked,
  window: TimeWindow,
): Promise<StoresFound> {
  const { lastSeen, stale } = await findSightings(view, window)
  const matching = await findStoreIds(view, { city, chain, chain_id })
  const found = await findStoresById(view, named ?? matching ?? [...lastSeen.keys()])
  const missing = named?.filter((id) => !found.has(id)) ?? []
  if (missing.length > 0) throw notFound('STORE_NOT_FOUND', `store ${missing.join(', ')}`)
  const among = matching === undefined ? found : new Set(matching)
  const result: StoresFound = { compared: [], stale: [] }
  for (const store of [...found.values()].filter(({ id }) => among.has(id)).sort((a, b) => a.id - b.id)) {
    const seen = lastSeen.get(store.id)
    const isStale = seen === undefined || stale.has(store.id)
    if (seen !== undefined && (!isStale || include_stale))
      result.compared.push({ ...store, lastSeen: seen, stale: isStale })
    else if (seen !== undefined || named !== undefined) result.stale.push(store.id)
  }
  return result
}
