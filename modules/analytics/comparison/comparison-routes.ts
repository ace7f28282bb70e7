import { listRoute } from '../../../src/http/contract/route.ts'
import { comparePrices } from './compare-prices.ts'
import { comparisonQuery, priceComparisonSchema } from './comparison-schemas.ts'

export const comparisonRoutes = [
  listRoute({
    path: '/v1/analytics/price-comparison',
    operationId: 'comparePrices',
    summary: 'What products cost in all stores',
    description:
      'A row for each product: the range of its prices, where it is cheapest, and the rank of every store, at the shelf and with the promotions for everyone. Sorts other than `product_id`, and `min_stores`, go by the current shelf prices in all stores.',
    tag: 'analytics',
    query: comparisonQuery,
    responseSchema: priceComparisonSchema,
    sorts: ['product_id', 'spread', 'spread_percent', 'unit_price', 'store_count'],
    handler: comparePrices,
  }),
]
