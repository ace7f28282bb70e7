import type { Static } from '@sinclair/typebox'
import { invalid, notFound } from '../../../src/http/contract/app-error.ts'
import { shekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { findProduct, findStore } from '../../catalog/index.ts'
import { priceBasket } from '../baskets/price-basket.ts'
import type { effectivePrice } from '../promotions/promotion-schemas.ts'
import type { EffectivePrice } from '../promotions/promotion-shapes.ts'
import { findStorePromotions } from '../promotions/store-promotions.ts'

type Query = Static<typeof effectivePrice.params> & Static<typeof effectivePrice.query>

/**
 * What so much of a product costs today in a store, promotions included: a basket of one line.
 * @throws AppError PRODUCT_NOT_FOUND, STORE_NOT_FOUND, PRICE_NOT_FOUND where the store does not sell it, VALIDATION_ERROR for
 * a part of a unit
 */
export async function findEffectivePrice(
  context: ReadContext,
  query: Query,
): Promise<EffectivePrice> {
  const { day, db } = context
  const product = await findProduct(context, { id: query.id })
  const store = await findStore(context, { id: query.store_id })
  const [price] = await db<{ agorot: number }[]>`
    select agorot from pricing.prices
    where product_id = ${product.id} and store_id = ${store.id} and valid_to is null`
  if (price === undefined)
    throw notFound('PRICE_NOT_FOUND', `price of product ${product.id} in store ${store.id} now`)
  const quantity = Math.round((query.quantity ?? 1) * 1000)
  if (!product.is_weighted && quantity % 1000 !== 0)
    throw invalid({ field: 'quantity', message: 'must be whole: the product is sold by the unit' })
  const promotions = await findStorePromotions(context, {
    storeIds: [store.id],
    productIds: [product.id],
  })
  const priced = priceBasket(
    [{ productId: product.id, quantity }],
    new Map([[product.id, { agorot: price.agorot, isWeighted: product.is_weighted }]]),
    promotions.get(store.id) ?? [],
    { day, clubs: query.club ?? [], coupons: query.coupons === true ? true : [] },
  )
  const descriptions = new Map(
    promotions.get(store.id)?.map(({ id, description }) => [id, description]),
  )
  return {
    product: { id: product.id, name: product.product_name, barcode: product.barcode },
    store: {
      id: store.id,
      name: store.store_name,
      chain: store.chain_name,
      chain_id: store.chain_id,
    },
    date: day,
    quantity: quantity / 1000,
    is_weighted: product.is_weighted,
    price: shekels(price.agorot),
    shelf_total: shekels(priced.shelfAgorot),
    total: shekels(priced.agorot),
    savings: shekels(priced.shelfAgorot - priced.agorot),
    promotions: priced.promotions.map(({ id, times, quantity, savedAgorot }) => ({
      id,
      description: descriptions.get(id) ?? null,
      times,
      quantity: quantity / 1000,
      savings: shekels(savedAgorot),
    })),
    not_computed: priced.notComputed.map(({ id, reason }) => ({ id, reason })),
    exact: priced.exact,
  }
}
