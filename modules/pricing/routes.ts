import { effectivePriceRoutes } from './prices/effective-price.ts'
import { priceRoutes } from './prices/price-routes.ts'
import { productPriceRoutes } from './prices/product-price-routes.ts'
import { promotionRoutes } from './promotions/promotion-routes.ts'
import { coverageRoutes } from './spans/coverage-routes.ts'

/**
 * The routes of prices, promotions, a product's prices over time and by store, a store's prices,
 * and coverage.
 */
export const pricingRoutes = [
  ...priceRoutes,
  ...productPriceRoutes,
  ...promotionRoutes,
  ...effectivePriceRoutes,
  ...coverageRoutes,
]
