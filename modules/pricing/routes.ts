import { effectivePriceRoutes } from './prices/effective-price.ts'
import { priceRoutes } from './prices/price-routes.ts'
import { productPriceRoutes } from './prices/product-price-routes.ts'
import { promotionRoutes } from './promotions/promotion-routes.ts'
import { coverageRoutes } from './spans/coverage-routes.ts'

/** Prices and promotions: by any filter, of a product in time and in stores, and of a store; and how much was seen. */
export const pricingRoutes = [
  ...priceRoutes,
  ...productPriceRoutes,
  ...promotionRoutes,
  ...effectivePriceRoutes,
  ...coverageRoutes,
]
