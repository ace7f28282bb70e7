export { NOT_GOODS } from './categories/rules.ts'
export { isSharedCode, type ProductKey, productKey } from './products/barcode.ts'
export type { ChainDescription } from './products/choose-description.ts'
export { goodsOnly, TOKEN_AGOROT } from './products/goods.ts'
export { findProduct, findProductIds, findProductsById } from './products/product-queries.ts'
export {
  barcode,
  categoryFilters,
  type Product,
  productIdFilters,
  productSchema,
} from './products/product-schemas.ts'
export { unitPriceKey } from './products/unit-price-key.ts'
export {
  emptyCatalog,
  observeStores,
  publishProducts,
  publishStores,
  updateCards,
  updateSales,
} from './publish/publish.ts'
export { rederiveProducts } from './publish/rederive.ts'
export { SETTLEMENTS } from './reference/settlements.ts'
export { catalogRoutes } from './routes.ts'
export type { Settlement } from './stores/city-names.ts'
export { needsSettlements, publishSettlements } from './stores/settlements.ts'
export {
  findStaleStoreIds,
  findStoreIds,
  type StoreFilter,
  storeDistances,
  storeFilterOf,
} from './stores/store-index.ts'
export { findStore, findStoresById } from './stores/store-queries.ts'
export {
  chainId,
  type Store,
  type StoreFilters,
  storeFilters,
  storeSchema,
} from './stores/store-schemas.ts'
export { readChainsOfSlugs, readStoresSeen } from './stores/stores-seen.ts'
export { chains, stores } from './tables.ts'
export { sizesIn, sizeWord } from './text/sizes.ts'
export { readQuantity, readUnit, settleUnit } from './text/unit.ts'
export { searchWords } from './text/words.ts'
