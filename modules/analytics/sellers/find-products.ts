import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { findProductIds } from '../../catalog/index.ts'

type Filters = {
  product_id?: readonly number[]
  barcode?: readonly string[]
  category?: string
  subcategory?: string
}

/** The products that are named, by id or barcode, and are of the category; undefined when nothing is asked for. */
export async function findProductsNamed(
  context: ReadContext,
  filters: Filters,
): Promise<number[] | undefined> {
  const { product_id, barcode, category, subcategory } = filters
  const byBarcode = await findProductIds(context, { barcode })
  const isNamed = product_id !== undefined || byBarcode !== undefined
  const named = isNamed ? [...new Set([...(product_id ?? []), ...(byBarcode ?? [])])] : undefined
  const ofCategory = await findProductIds(context, { category, subcategory })
  if (named === undefined || ofCategory === undefined) return named ?? ofCategory
  const among = new Set(ofCategory)
  return named.filter((id) => among.has(id))
}
