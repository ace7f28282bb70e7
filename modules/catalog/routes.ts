import { categoryRoutes } from './products/categories.ts'
import { manufacturerRoutes } from './products/manufacturers.ts'
import { productRoutes } from './products/product-routes.ts'
import { chainRoutes } from './stores/chains.ts'
import { storeRoutes } from './stores/store-routes.ts'

/** The routes of chains, stores and products, each product with a summary of its current prices. */
export const catalogRoutes = [
  ...chainRoutes,
  ...storeRoutes,
  ...categoryRoutes,
  ...manufacturerRoutes,
  ...productRoutes,
]
