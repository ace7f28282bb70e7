import { listRoute } from '../../../src/http/contract/route.ts'
import { storeFilters } from '../../catalog/index.ts'
import { priceFilters, priceSchema } from './price-schemas.ts'
import { listProductPrices, listProductStores, listStoreProducts } from './product-price-queries.ts'
import {
  historyQuery,
  productInStoreSchema,
  productParams,
  storeOfProductSchema,
  storeParams,
} from './product-price-schemas.ts'

export const productPriceRoutes = [
  listRoute({
    path: '/v1/products/:id/prices',
    operationId: 'listProductPrices',
    summary: 'A product’s prices in time',
    description:
      'One row for each span of time with the same price, newest first; with `granularity=day` one for each day that the product was seen in a store (its last price of that day).',
    tag: 'products',
    params: productParams,
    query: historyQuery,
    responseSchema: priceSchema,
    sorts: ['valid_from', 'store_id', 'price'],
    errors: ['PRODUCT_NOT_FOUND'],
    handler: listProductPrices,
  }),
  listRoute({
    path: '/v1/products/:id/stores',
    operationId: 'listProductStores',
    summary: 'Who sells a product now, and for how much',
    description: 'Cheapest first; stale stores after all others.',
    tag: 'products',
    params: productParams,
    query: storeFilters,
    responseSchema: storeOfProductSchema,
    sorts: ['price', 'store_id', 'valid_from', 'stale'],
    errors: ['PRODUCT_NOT_FOUND'],
    handler: listProductStores,
  }),
  listRoute({
    path: '/v1/stores/:id/products',
    operationId: 'listStoreProducts',
    summary: 'What a store sells now',
    tag: 'stores',
    params: storeParams,
    query: priceFilters,
    responseSchema: productInStoreSchema,
    sorts: ['product_id', 'price', 'valid_from'],
    errors: ['STORE_NOT_FOUND'],
    handler: listStoreProducts,
  }),
]
