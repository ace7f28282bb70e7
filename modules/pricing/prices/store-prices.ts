import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { ShelfPrice } from '../baskets/basket.ts'
import { amongStores, type StoresAndProducts } from '../promotions/store-promotions.ts'
import { inWindow } from '../spans/time-window.ts'

type Row = { product_id: number; is_weighted: boolean; store_ids: number[]; agorot: number[] }

/**
 * Reads the shelf prices of products, by store and product. (JSON is parsed faster than arrays.)
 */
export async function findStorePrices(
  context: ReadContext,
  { storeIds, productIds, window = { now: true } }: StoresAndProducts,
): Promise<Map<number, Map<number, ShelfPrice>>> {
  const { db } = context
  const rows = await db<Row[]>`
    select asked.*, c.is_weighted from (
      select p.product_id, json_agg(p.store_id) as store_ids, json_agg(p.agorot) as agorot from pricing.prices p
      where p.product_id = any(${[...productIds]}::int[]) and ${inWindow(context, window)} and ${amongStores(context, storeIds)}
      group by p.product_id
    ) asked join catalog.products c on c.id = asked.product_id`
  const byStore = new Map(storeIds.map((storeId) => [storeId, new Map<number, ShelfPrice>()]))
  for (const { product_id, is_weighted, store_ids, agorot } of rows) {
    const prices = new Map<number, ShelfPrice>()
    for (const [i, storeId] of store_ids.entries()) {
      const shelf = agorot[i] as number
      const price = prices.get(shelf) ?? { agorot: shelf, isWeighted: is_weighted }
      prices.set(shelf, price)
      byStore.get(storeId)?.set(product_id, price)
    }
  }
  return byStore
}
