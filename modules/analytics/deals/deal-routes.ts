import { listRoute } from '../../../src/http/contract/route.ts'
import { priceChangeSchema, priceChangesQuery } from './change-schemas.ts'
import { dealSchema, dealsQuery } from './deal-schemas.ts'
import { listDeals } from './deals.ts'
import { listPriceChanges } from './price-changes.ts'

export const dealRoutes = [
  listRoute({
    path: '/v1/analytics/deals',
    operationId: 'listDeals',
    summary: 'Deals',
    description:
      'What costs less now than the same store asked in the 30 days before, than its median of 90 days, and than other chains ask today: a “sale” from a price that was raised for it is no deal. One row for each product and chain, and for the near-identical articles of a promotion; what is worth most to most shoppers first. Formula: docs/analytics.md.',
    tag: 'analytics',
    query: dealsQuery,
    responseSchema: dealSchema,
    sorts: ['worth', 'score', 'percent', 'price', 'stores', 'product_id', 'chain_id'],
    handler: listDeals,
  }),
  listRoute({
    path: '/v1/analytics/price-changes',
    operationId: 'listPriceChanges',
    summary: 'The biggest rises and drops',
    description:
      'What shelf prices did between the ends of two days, in the stores that were observed until the first one and again after it. Big changes in many stores come first, whichever way; doubled is as big as halved. Formula: docs/analytics.md.',
    tag: 'analytics',
    query: priceChangesQuery,
    responseSchema: priceChangeSchema,
    sorts: ['impact', 'size', 'percent', 'stores', 'product_id', 'store_id', 'suspect'],
    handler: listPriceChanges,
  }),
]
