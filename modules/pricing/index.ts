export {
  emptyPrices,
  freshStores,
  markRefreshed,
  publishPrices,
  rangePrices,
  vacuumPrices,
} from './publish.ts'
export type { NewList } from './publish-lists.ts'
export { pricingRoutes } from './routes.ts'
