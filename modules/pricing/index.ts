export {
  emptyPrices,
  freshStores,
  markRefreshed,
  type NewList,
  publishLists,
  rangePrices,
  vacuumPrices,
} from './publish.ts'
export { pricingRoutes } from './routes.ts'
