export type { BasketLine, PricedBasket, ShelfPrice, Shopper } from './basket.ts'
export { type BasketPart, partBasket } from './basket-parts.ts'
export { compareWithDescription, type DescriptionCheck } from './compare-description.ts'
export { readDayItems } from './coverage.ts'
export { countCurrentPrices } from './current-prices.ts'
export { oneUnit } from './one-unit.ts'
export { priceBasket } from './price-basket.ts'
export { eachProductSpans, type ProductSpans, packSpans, readProductSpans } from './product-spans.ts'
export type { Promotion, PromotionKind, PromotionTerms } from './promotion.ts'
export { readTerms } from './promotion-terms.ts'
export {
  emptyPrices,
  freshStores,
  markRefreshed,
  publishPrices,
  rangePrices,
  vacuumPrices,
} from './publish.ts'
export type { NewList } from './publish-lists.ts'
export { type ChainTerms, emptyPromotions, publishPromotions } from './publish-promotions.ts'
export { refreshReductions } from './publish-reductions.ts'
export { rangeSales, refreshSales } from './publish-sales.ts'
export { isNthUnit, type RawPromotion } from './raw-promotion.ts'
export { pricingRoutes } from './routes.ts'
export { saleIn } from './sale-sql.ts'
export { levelStores } from './store-levels.ts'
export { findStorePrices } from './store-prices.ts'
export { findStorePromotions, type ListedPromotion } from './store-promotions.ts'
export { inWindow, momentAsked, readTimeWindow, type TimeWindow } from './time-window.ts'
