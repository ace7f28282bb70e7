import { Type } from '@sinclair/typebox'
import { itemRoute, listRoute } from '../../../src/http/contract/route.ts'
import { findPrice, listPrices, listStorePrices } from './price-queries.ts'
import { priceSchema, pricesQuery, storePricesParams, storePricesQuery } from './price-schemas.ts'

const PRICE_SORTS = ['product_id', 'store_id', 'valid_from', 'price']
const CURRENT =
  'Without `from`, `to` and `as_of`, the prices that hold now. Prices of stale stores are shown and marked.'

export const priceRoutes = [
  listRoute({
    path: '/v1/prices',
    operationId: 'listPrices',
    summary: 'Prices',
    description: CURRENT,
    tag: 'prices',
    query: pricesQuery,
    responseSchema: priceSchema,
    sorts: PRICE_SORTS,
    handler: listPrices,
  }),
  itemRoute({
    path: '/v1/prices/:id',
    operationId: 'getPrice',
    summary: 'One price',
    tag: 'prices',
    params: {
      id: Type.String({
        pattern: '^[1-9][0-9]{0,8}-[1-9][0-9]{0,8}-[0-9]{8}T[0-9]{6}$',
        example: '1234-456-20260809T030000',
      }),
    },
    responseSchema: priceSchema,
    errors: ['PRICE_NOT_FOUND'],
    handler: findPrice,
  }),
  listRoute({
    path: '/v1/stores/:id/prices',
    operationId: 'listStorePrices',
    summary: 'A store’s prices',
    description: CURRENT,
    tag: 'stores',
    params: storePricesParams,
    query: storePricesQuery,
    responseSchema: priceSchema,
    sorts: PRICE_SORTS,
    errors: ['STORE_NOT_FOUND'],
    handler: listStorePrices,
  }),
]
