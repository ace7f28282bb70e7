import { basketRoutes } from './baskets/basket-routes.ts'
import { comparisonRoutes } from './comparison/comparison-routes.ts'
import { dealRoutes } from './deals/deal-routes.ts'
import type { CustomLimits } from './queries/custom-query.ts'
import { customQueryRoutes } from './queries/custom-query-routes.ts'
import { cheapestStoreRoutes } from './stores/cheapest-store-routes.ts'
import { trendRoutes } from './trends/trend-routes.ts'

/** The routes that combine prices: comparisons, changes, deals, trends and baskets. */
export function analyticsRoutes({ customQuery }: { customQuery: CustomLimits }) {
  return [
    ...comparisonRoutes,
    ...basketRoutes,
    ...dealRoutes,
    ...customQueryRoutes(customQuery),
    ...trendRoutes,
    ...cheapestStoreRoutes,
  ]
}
