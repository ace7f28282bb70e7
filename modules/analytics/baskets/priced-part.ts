import { shekels } from '../../../src/http/contract/money.ts'
import type { PricedBasket } from '../../pricing/index.ts'
import type { Shelf } from './basket-market.ts'

/** The response for a basket, or a part of one, as priced in a store. */
export function toPricedPart(priced: PricedBasket, { prices, promotions }: Shelf) {
  const descriptions = new Map(promotions.map(({ id, description }) => [id, description]))
  const describe = (id: number) => ({ id, description: descriptions.get(id) ?? null })
  return {
    items: priced.lines.map(({ productId, quantity, agorot, promotions }) => ({
      product_id: productId,
      quantity: quantity / 1000,
      price: shekels(prices.get(productId)?.agorot ?? 0),
      total: shekels(agorot),
      promotions: promotions.map(({ id, quantity, savedAgorot }) => ({
        id,
        quantity: quantity / 1000,
        discount: shekels(savedAgorot),
      })),
    })),
    promotions: priced.promotions.map(({ id, times, quantity, savedAgorot }) => ({
      ...describe(id),
      times,
      quantity: quantity / 1000,
      discount: shekels(savedAgorot),
    })),
    not_computed: priced.notComputed.map(({ id, reason, productIds }) => ({
      ...describe(id),
      reason,
      product_ids: productIds,
    })),
    exact: priced.exact,
  }
}

export function toStoreColumns({ store }: Shelf) {
  const { id, store_name, chain_id, chain_name, city } = store
  return { store_id: id, store_name, chain_id, chain_name, city }
}
