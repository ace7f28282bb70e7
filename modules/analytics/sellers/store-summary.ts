import type { Store } from '../../catalog/index.ts'

/** A store of an answer about many. */
export function toStoreSummary(stores: ReadonlyMap<number, Store>, id: number) {
  const store = stores.get(id)
  if (store === undefined) throw new Error(`Cannot tell a store: store ${id} is missing`)
  const { store_name, chain_name, chain_id, city } = store
  return { id, name: store_name, chain: chain_name, chain_id, city }
}
