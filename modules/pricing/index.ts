export type { BasketLine, PricedBasket, ShelfPrice, Shopper } from './baskets/basket.ts'
export { type BasketPart, partBasket } from './baskets/basket-parts.ts'
export { priceBasket } from './baskets/price-basket.ts'
export type { DescriptionCheck } from './descriptions/compare-description.ts'
export { type SettledTerms, settleTerms } from './descriptions/settle-terms.ts'
export { countCurrentPrices } from './prices/current-prices.ts'
export { findStorePrices } from './prices/store-prices.ts'
export { saleIn } from './promotions/sale-sql.ts'
export { findStorePromotions, type ListedPromotion } from './promotions/store-promotions.ts'
export {
  emptyPrices,
  freshStores,
  markRefreshed,
  publishPrices,
  rangePrices,
  vacuumPrices,
} from './publish/publish.ts'
export type { NewList } from './publish/publish-lists.ts'
export {
  type ChainTerms,
  emptyPromotions,
  publishPromotions,
} from './publish/publish-promotions.ts'
export { refreshReductions } from './publish/publish-reductions.ts'
export { rangeSales, refreshSales } from './publish/publish-sales.ts'
export { redecideTerms } from './publish/redecide-terms.ts'
export { noteItemObjections, settleWeights } from './publish/settle-weights.ts'
export { computeStoreIndexes, MARKET_RULE } from './publish/store-indexes.ts'
export { cellsColumn, termsColumns } from './publish/terms-columns.ts'
export { pricingRoutes } from './routes.ts'
export { readDayItems } from './spans/coverage.ts'
export {
  eachProductSpans,
  type ProductSpans,
  packSpans,
  readProductSpans,
} from './spans/product-spans.ts'
export { inWindow, momentAsked, readTimeWindow, type TimeWindow } from './spans/time-window.ts'
export { settledByText } from './tables.ts'
export { oneUnit } from './terms/one-unit.ts'
export type { Promotion, PromotionKind, PromotionTerms } from './terms/promotion.ts'
export { readTerms } from './terms/promotion-terms.ts'
export { isNthUnit, NOT_COMPUTABLE, type RawPromotion } from './terms/raw-promotion.ts'
export { digestTerms } from './terms/terms-digest.ts'
