export { emptyPrices, markRefreshed, type NewList, type Published, publishLists, rangePrices } from './publish.ts'
export { pricingRoutes } from './routes.ts'
