import { invalid } from '../../../src/http/contract/app-error.ts'
import type { RequestedItem } from './basket-lines.ts'
import type { BasketBody, BasketCostQuery } from './basket-schemas.ts'
import type { RequestedStores } from './basket-stores.ts'

/** The basket, its shopper, the day, and the stores. */
export type BasketRequest = RequestedStores & {
  wanted: RequestedItem[]
  date?: string | undefined
  clubs: readonly string[]
  coupons: true | readonly number[]
}

/** @throws AppError VALIDATION_ERROR for an item with no product or with two */
export function readBasketBody(body: BasketBody): BasketRequest {
  const { products = [], items = [], clubs = [], coupons, coupon_ids = [], ...rest } = body
  const problems = items.flatMap(({ product_id, barcode }, i) =>
    (product_id === undefined) === (barcode === undefined)
      ? [{ field: `items[${i}]`, message: 'must have either product_id or barcode' }]
      : [],
  )
  if (problems.length > 0) throw invalid(...problems)
  const wanted = [
    ...products.map((product_id, i) => ({ product_id, quantity: 1, field: `products[${i}]` })),
    ...items.map(({ quantity = 1, ...item }, i) => ({
      ...item,
      quantity,
      field: `items[${i}].quantity`,
    })),
  ]
  return { ...rest, wanted, clubs, coupons: coupons === true ? true : coupon_ids }
}

export function readBasketQuery(query: BasketCostQuery): BasketRequest {
  const { product_id, store_id: stores, club: clubs = [], coupons, ...rest } = query
  const wanted = product_id.map((id) => ({ product_id: id, quantity: 1, field: 'product_id' }))
  return { ...rest, stores, wanted, clubs, coupons: coupons === true ? true : [] }
}
