import { type FieldProblem, invalid, notFound } from '../../../src/http/contract/app-error.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { findProductIds, findProductsById, type Product, productKey } from '../../catalog/index.ts'
import type { BasketLine } from '../../pricing/index.ts'

/**
 * A quantity of a product (units or kilograms), and its field in the request for error messages.
 */
export type RequestedItem = {
  product_id?: number | undefined
  barcode?: string | undefined
  quantity: number
  field: string
}

/** Basket lines by product, and the barcodes that no price list has ever had. */
export type Basket = { lines: BasketLine[]; products: Map<number, Product>; unknown: string[] }

export const MAX_LINES = 100
/** The largest quantity of one product, in units or kilograms. */
export const MAX_QUANTITY = 1000

/**
 * Finds the products of a basket and adds up repeated ones. Barcodes come from receipts, so unknown
 * ones are reported in `unknown`; an unknown product id is an error.
 *
 * @throws AppError PRODUCT_NOT_FOUND for an unknown id or if no barcode is known; VALIDATION_ERROR
 */
export async function readBasket(
  context: ReadContext,
  wanted: readonly RequestedItem[],
): Promise<Basket> {
  if (wanted.length === 0 || wanted.length > MAX_LINES) {
    throw invalid({ field: 'items', message: `must be 1 to ${MAX_LINES} products` })
  }
  const barcode = wanted.flatMap((item) => item.barcode ?? [])
  const ids = wanted.flatMap((item) => item.product_id ?? [])
  const scanned = await findProductIds(context, {
    barcode: barcode.length === 0 ? undefined : barcode,
  })
  const products = await findProductsById(context, [...ids, ...(scanned ?? [])])
  const missing = ids.filter((id) => !products.has(id))
  if (missing.length > 0) throw notFound('PRODUCT_NOT_FOUND', `product ${missing.join(', ')}`)
  const byBarcode = new Map([...products.values()].map((product) => [product.barcode, product]))
  const quantities = new Map<number, number>()
  const unknown = new Set<string>()
  const problems: FieldProblem[] = []
  for (const { product_id, barcode = '', quantity, field } of wanted) {
    const product =
      products.get(product_id ?? 0) ?? byBarcode.get(productKey(barcode, '')?.code ?? '')
    if (product === undefined) {
      unknown.add(barcode)
      continue
    }
    const all = thousandths(quantity) + (quantities.get(product.id) ?? 0)
    const problem = quantityProblem(all, product)
    if (problem === null) quantities.set(product.id, all)
    else problems.push({ field, message: problem })
  }
  if (problems.length > 0) throw invalid(...problems)
  if (quantities.size === 0)
    throw notFound('PRODUCT_NOT_FOUND', `product with the barcode ${barcode.join(', ')}`)
  const lines = [...quantities].map(([productId, quantity]) => ({ productId, quantity }))
  return { lines, products, unknown: [...unknown] }
}

/** The quantity in thousandths; NaN if it has more than three decimals. */
function thousandths(quantity: number): number {
  const rounded = Math.round(quantity * 1000)
  return Math.abs(quantity * 1000 - rounded) < 1e-6 ? rounded : Number.NaN
}

function quantityProblem(quantity: number, { is_weighted }: Product): string | null {
  if (Number.isNaN(quantity)) return 'must have at most three decimals'
  if (quantity > MAX_QUANTITY * 1000) return `must be at most ${MAX_QUANTITY} in all`
  if (!is_weighted && quantity % 1000 !== 0) return 'must be whole: the product is sold by the unit'
  return null
}
