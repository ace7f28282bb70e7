import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import { choice, dateTime, idNumber } from '../../../src/http/contract/value-schemas.ts'
import { chainId, productSchema, type storeFilters, storeSchema } from '../../catalog/index.ts'
import { price, type priceFilters, range, unitPriceSchema } from './price-schemas.ts'

export const productParams = { id: idNumber(1234) }
export const storeParams = { id: idNumber(456) }

export const historyQuery = {
  ...range,
  chain_id: Type.Optional(chainId),
  store_id: Type.Optional(idNumber(456)),
  granularity: Type.Optional(choice(['span', 'day'], { example: 'span' })),
}
export type HistoryQuery = ListInput<typeof historyQuery, typeof productParams>

export type ProductStoresQuery = ListInput<typeof storeFilters, typeof productParams>

export type StoreProductsQuery = ListInput<typeof priceFilters, typeof storeParams>

const offer = { ...price, unit_price: unitPriceSchema, valid_from: dateTime() }
const offerExample = {
  price: 6.5,
  discount_price: 5.9,
  is_on_sale: true,
  unit_price: { price: 6.5, per: 'liter' },
  valid_from: '2026-08-09T03:00:00+03:00',
}

export const productInStoreSchema = Type.Object(
  { ...productSchema.properties, ...offer },
  { title: 'ProductInStore', example: { ...productSchema.example, ...offerExample } },
)
export type ProductInStore = Static<typeof productInStoreSchema>

export const storeOfProductSchema = Type.Object(
  { ...storeSchema.properties, ...offer },
  { title: 'StoreOfProduct', example: { ...storeSchema.example, ...offerExample } },
)
export type StoreOfProduct = Static<typeof storeOfProductSchema>
