import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { findProductIds } from '../../catalog/index.ts'

type Filters = {
  product_id?: readonly number[]
  barcode?: readonly string[]
  category?: string
  subcategory?: string
}

/** The products that match all given filters; undefined without any filter. */
export async function selectProducts(
  context: ReadContext,
  filters: Filters,
): Promise<number[] | undefined> {
  const { product_id, barcode, category, subcategory } = filters
  const byBarcode = await findProductIds(context, { barcode })
  const hasIds = product_id !== undefined || byBarcode !== undefined
  const named = hasIds ? [...new Set([...(product_id ?? []), ...(byBarcode ?? [])])] : undefined
  const inCategory = await findProductIds(context, { category, subcategory })
  if (named === undefined || inCategory === undefined) return named ?? inCategory
  const members = new Set(inCategory)
  return named.filter((id) => members.has(id))
}
