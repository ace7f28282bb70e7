import { listRoute } from '../../../src/http/contract/route.ts'
import { productTrendsQuery, trendSchema, trendsQuery } from './trend-schemas.ts'
import { listProductTrends, listTrends } from './trends.ts'

const DESCRIPTION =
  'A price counts for every day in Israel on which its store was observed, however often; a store counts on those days whether or not it is stale now. Shelf prices, without promotions.'

export const trendRoutes = [
  listRoute({
    path: '/v1/analytics/trends',
    operationId: 'listTrends',
    summary: 'Prices in time',
    description: DESCRIPTION,
    tag: 'analytics',
    query: trendsQuery,
    responseSchema: trendSchema,
    sorts: ['period_start'],
    handler: listTrends,
  }),
  listRoute({
    path: '/v1/prices/trends',
    operationId: 'listProductTrends',
    summary: 'The prices of one product in time',
    description: DESCRIPTION,
    tag: 'prices',
    query: productTrendsQuery,
    responseSchema: trendSchema,
    sorts: ['period_start'],
    errors: ['PRODUCT_NOT_FOUND'],
    handler: listProductTrends,
  }),
]
