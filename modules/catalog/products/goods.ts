import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { Sql } from '../../../src/http/paging/paging.ts'
import { NOT_GOODS } from '../categories/rules.ts'

/**
 * Prices up to this (agorot) are placeholders for coupons and gifts: no real product costs so
 * little.
 */
export const TOKEN_AGOROT = 5

type Filters = {
  product_id?: readonly number[] | undefined
  barcode?: readonly string[] | undefined
  category?: string | undefined
  subcategory?: string | undefined
}

/**
 * SQL: product `p` is a good, not a coupon, deposit, bag or fee (docs/categories.md). Returns
 * false, for no condition, when the filters name products or a category: the caller then asked for
 * them.
 */
export function goodsOnly({ db }: ReadContext, filters: Filters): Sql | false {
  const { product_id, barcode, category, subcategory } = filters
  const isNamed = [product_id, barcode, category, subcategory].some((value) => value !== undefined)
  return !isNamed && db`p.category is distinct from ${NOT_GOODS}`
}
