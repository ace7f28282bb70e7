import { itemRoute, listRoute } from '../../../src/http/contract/route.ts'
import { idNumber } from '../../../src/http/contract/value-schemas.ts'
import { findStore, listStores } from './store-queries.ts'
import { storeSchema, storesQuery } from './store-schemas.ts'

export const storeRoutes = [
  listRoute({
    path: '/v1/stores',
    operationId: 'listStores',
    summary: 'Stores',
    tag: 'stores',
    query: storesQuery,
    responseSchema: storeSchema,
    sorts: ['id', 'name', 'city', 'chain_id', 'store_number', 'last_observed_at', 'distance_km'],
    handler: listStores,
  }),
  itemRoute({
    path: '/v1/stores/:id',
    operationId: 'getStore',
    summary: 'One store',
    tag: 'stores',
    params: { id: idNumber(456) },
    responseSchema: storeSchema,
    errors: ['STORE_NOT_FOUND'],
    handler: findStore,
  }),
]
