export {
  emptyPrices,
  freshStores,
  markRefreshed,
  type NewList,
  type Published,
  publishLists,
  rangePrices,
  vacuumPrices,
} from './publish.ts'
export { pricingRoutes } from './routes.ts'
