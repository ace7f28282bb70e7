import type { Store } from '../../catalog/index.ts'

/** The short form of a store in lists. @throws Error if it is not among `stores` */
export function toStoreSummary(stores: ReadonlyMap<number, Store>, id: number) {
  const store = stores.get(id)
  if (store === undefined) throw new Error(`Cannot describe store ${id}: it was not loaded`)
  const { store_name, chain_name, chain_id, city } = store
  return { id, name: store_name, chain: chain_name, chain_id, city }
}
