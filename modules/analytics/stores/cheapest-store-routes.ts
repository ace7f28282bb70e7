import { listRoute } from '../../../src/http/contract/route.ts'
import { cheapestStoresQuery, cheapStoreSchema } from './cheapest-store-schemas.ts'
import { listCheapStores } from './cheapest-stores.ts'

export const cheapestStoreRoutes = [
  listRoute({
    path: '/v1/analytics/cheapest-stores',
    operationId: 'listCheapestStores',
    summary: 'Stores by how cheap they are',
    description:
      'The geometric mean of a store’s shelf prices relative to the market’s, over the products that enough stores sell, with an interval. Stores with too few of these products, and stale ones, come last with the reason.',
    tag: 'analytics',
    query: cheapestStoresQuery,
    responseSchema: cheapStoreSchema,
    sorts: ['rank'],
    handler: listCheapStores,
  }),
]
