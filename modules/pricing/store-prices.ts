import type { View } from '../../src/http/view.ts'
import { amongFew, type StoresAndProducts } from './store-promotions.ts'
import { inWindow } from './time-window.ts'

/** What stores ask for products on the shelf, in agorot, by store and product. (JSON is parsed faster than arrays.) */
export async function findStorePrices(
  view: View,
  { storeIds, productIds, window = { now: true } }: StoresAndProducts,
): Promise<Map<number, Map<number, number>>> {
  const { db } = view
  const rows = await db<{ product_id: number; store_ids: number[]; agorot: number[] }[]>`
    select p.product_id, json_agg(p.store_id) as store_ids, json_agg(p.agorot) as agorot from pricing.prices p
    where p.product_id = any(${[...productIds]}::int[]) and ${inWindow(view, window)} and ${amongFew(view, storeIds)}
    group by p.product_id`
  const byStore = new Map(storeIds.map((storeId) => [storeId, new Map<number, number>()]))
  for (const { product_id, store_ids, agorot } of rows) {
    for (const [i, storeId] of store_ids.entries()) byStore.get(storeId)?.set(product_id, agorot[i] as number)
  }
  return byStore
}
