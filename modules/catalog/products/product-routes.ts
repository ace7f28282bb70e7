import { itemRoute, listRoute } from '../../../src/http/contract/route.ts'
import { idNumber } from '../../../src/http/contract/value-schemas.ts'
import { findProduct, findProductByBarcode, listProducts } from './product-queries.ts'
import {
  barcode,
  productQuery,
  productSchema,
  productsQuery,
  searchQuery,
} from './product-schemas.ts'

const PRODUCT_SORTS = [
  ...['id', 'name', 'price', 'unit_price', 'store_count', 'manufacturer', 'updated_at'],
]

export const productRoutes = [
  listRoute({
    path: '/v1/products',
    operationId: 'listProducts',
    summary: 'Products',
    description:
      'Sorted by id. `sort=price` and `sort=unit_price` (per kilogram, litre, metre or unit) leave out coupons, deposits, bags and fees, unless a category or barcode is given. With `q`, sorted by relevance: whole words come before beginnings of words, products named by the word come before products that contain it, and then those that most stores sell.',
    tag: 'products',
    query: productsQuery,
    responseSchema: productSchema,
    sorts: PRODUCT_SORTS,
    handler: listProducts,
  }),
  listRoute({
    path: '/v1/products/search',
    operationId: 'searchProducts',
    summary: 'Search products',
    description: 'As /products, with `q` required.',
    tag: 'products',
    query: searchQuery,
    responseSchema: productSchema,
    sorts: PRODUCT_SORTS,
    handler: listProducts,
  }),
  itemRoute({
    path: '/v1/products/barcode/:code',
    operationId: 'getProductByBarcode',
    summary: 'One product by its barcode',
    description: 'Leading zeros do not matter.',
    tag: 'products',
    params: { code: barcode },
    query: productQuery,
    responseSchema: productSchema,
    errors: ['PRODUCT_NOT_FOUND'],
    handler: findProductByBarcode,
  }),
  itemRoute({
    path: '/v1/products/:id',
    operationId: 'getProduct',
    summary: 'One product',
    tag: 'products',
    params: { id: idNumber(1234) },
    query: productQuery,
    responseSchema: productSchema,
    errors: ['PRODUCT_NOT_FOUND'],
    handler: findProduct,
  }),
]
