export { readDayItems } from './coverage.ts'
export { countCurrentPrices } from './current-prices.ts'
export { compareWithDescription, type DescriptionCheck, describedTerms } from './described-terms.ts'
export { oneUnit } from './one-unit.ts'
export { priceBasket } from './price-basket.ts'
export type { Promotion, PromotionKind, PromotionTerms } from './promotion.ts'
export { type RawPromotion, readTerms } from './promotion-terms.ts'
export {
  emptyPrices,
  freshStores,
  markRefreshed,
  publishPrices,
  rangePrices,
  vacuumPrices,
} from './publish.ts'
export type { NewList } from './publish-lists.ts'
export { emptyPromotions, publishPromotions } from './publish-promotions.ts'
export { rangeSales, refreshSales } from './publish-sales.ts'
export { pricingRoutes } from './routes.ts'
