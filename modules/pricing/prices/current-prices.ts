import { copyOut } from '../../../src/db/binary-copy.ts'
import type { Db } from '../../../src/db/connect.ts'

/**
 * Calls `onPrice` for every different current price (agorot) of every product id, with the number
 * of stores that have it.
 */
export async function countCurrentPrices(
  db: Db,
  onPrice: (price: { product: number; agorot: number; stores: number }) => void,
): Promise<void> {
  const prices = `select product_id, agorot, count(*)::integer from pricing.prices where valid_to is null group by 1, 2`
  await copyOut(db, prices, (from) => {
    onPrice({ product: from.int4(), agorot: from.int4(), stores: from.int4() })
  })
}
