import { Elysia } from 'elysia'
import type { Api } from '../../src/http/api.ts'
import { describe } from '../../src/http/docs/route-docs.ts'
import { findEffectivePrice } from './prices/effective-price.ts'
import { findPrice, listPrices, listStorePrices } from './prices/price-queries.ts'
import {
  listProductPrices,
  listProductStores,
  listStoreProducts,
} from './prices/product-price-queries.ts'
import {
  findPromotion,
  listProductPromotions,
  listPromotions,
} from './promotions/promotion-queries.ts'
import {
  effectivePrice,
  onePromotion,
  productPromotions,
  promotionList,
} from './promotions/promotion-schemas.ts'
import {
  coverageList,
  onePrice,
  priceList,
  productPrices,
  productStores,
  storePrices,
  storeProducts,
} from './schemas.ts'
import { listCoverage } from './spans/coverage.ts'

/** Prices and promotions: by any filter, of a product in time and in stores, and of a store; and how much was seen. */
export function pricingRoutes(api: Api) {
  return new Elysia({ name: 'pricing', prefix: '/v1' })
    .get('/prices', api.list(priceList, listPrices), { detail: describe(priceList) })
    .get('/prices/:id', api.one(onePrice, findPrice), { detail: describe(onePrice) })
    .get('/products/:id/prices', api.list(productPrices, listProductPrices), {
      detail: describe(productPrices),
    })
    .get('/products/:id/stores', api.list(productStores, listProductStores), {
      detail: describe(productStores),
    })
    .get('/promotions', api.list(promotionList, listPromotions), {
      detail: describe(promotionList),
    })
    .get('/promotions/:id', api.one(onePromotion, findPromotion), {
      detail: describe(onePromotion),
    })
    .get('/products/:id/promotions', api.list(productPromotions, listProductPromotions), {
      detail: describe(productPromotions),
    })
    .get('/products/:id/effective-price', api.one(effectivePrice, findEffectivePrice), {
      detail: describe(effectivePrice),
    })
    .get('/stores/:id/prices', api.list(storePrices, listStorePrices), {
      detail: describe(storePrices),
    })
    .get('/stores/:id/products', api.list(storeProducts, listStoreProducts), {
      detail: describe(storeProducts),
    })
    .get('/metadata/coverage', api.list(coverageList, listCoverage), {
      detail: describe(coverageList),
    })
}
