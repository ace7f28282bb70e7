import { Elysia } from 'elysia'
import type { Api } from '../../src/http/api.ts'
import { describe } from '../../src/http/docs/route-docs.ts'
import { listCategories } from './products/category-queries.ts'
import { listManufacturers } from './products/manufacturer-queries.ts'
import { findProduct, findProductByBarcode, listProducts } from './products/product-queries.ts'
import * as endpoints from './schemas.ts'
import { findChain, findStore, listChains, listStores } from './stores/store-queries.ts'

const {
  chainList,
  oneChain,
  storeList,
  oneStore,
  productList,
  productSearch,
  oneProduct,
  productByBarcode,
  categoryList,
  manufacturerList,
} = endpoints

/** Chains, stores and products, each with its card of current prices. */
export function catalogRoutes(api: Api) {
  return new Elysia({ name: 'catalog', prefix: '/v1' })
    .get('/chains', api.list(chainList, listChains), { detail: describe(chainList) })
    .get('/chains/:id', api.one(oneChain, findChain), { detail: describe(oneChain) })
    .get('/stores', api.list(storeList, listStores), { detail: describe(storeList) })
    .get('/stores/:id', api.one(oneStore, findStore), { detail: describe(oneStore) })
    .get('/products', api.list(productList, listProducts), {
      detail: describe(productList),
    })
    .get('/products/search', api.list(productSearch, listProducts), {
      detail: describe(productSearch),
    })
    .get('/products/categories', api.list(categoryList, listCategories), {
      detail: describe(categoryList),
    })
    .get('/products/manufacturers', api.list(manufacturerList, listManufacturers), {
      detail: describe(manufacturerList),
    })
    .get('/products/barcode/:code', api.one(productByBarcode, findProductByBarcode), {
      detail: describe(productByBarcode),
    })
    .get('/products/:id', api.one(oneProduct, findProduct), {
      detail: describe(oneProduct),
    })
}
