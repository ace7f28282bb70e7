export {
  emptyPrices,
  freshStores,
  markRefreshed,
  type NewList,
  type Published,
  publishLists,
  rangePrices,
} from './publish.ts'
export { pricingRoutes } from './routes.ts'
