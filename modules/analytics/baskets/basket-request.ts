import { type FieldProblem, invalid, notFound } from '../../../src/http/contract/app-error.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { findProductIds, findProductsById, type Product, productKey } from '../../catalog/index.ts'
import type { BasketLine } from '../../pricing/index.ts'

/** So many units or kilograms of a product, and the field of the request that asks for it. */
export type Wanted = {
  product_id?: number | undefined
  barcode?: string | undefined
  quantity: number
  field: string
}

/** A basket by product, and the barcodes that no price list has ever had. */
export type Basket = { lines: BasketLine[]; products: Map<number, Product>; unknown: string[] }

export const MOST_LINES = 100
/** Units or kilograms of one product. */
export const MOST_QUANTITY = 1000

/**
 * Finds the products of a basket; what is wanted twice adds up. Barcodes come from receipts and shelves, so one that is
 * not known is told apart; a product id comes from here.
 *
 * @throws AppError PRODUCT_NOT_FOUND for ids that are not known, or when no barcode is; VALIDATION_ERROR for a quantity
 */
export async function readBasket(context: ReadContext, wanted: readonly Wanted[]): Promise<Basket> {
  if (wanted.length === 0 || wanted.length > MOST_LINES) {
    throw invalid({ field: 'items', message: `must be 1 to ${MOST_LINES} products` })
  }
  const barcode = wanted.flatMap((one) => one.barcode ?? [])
  const ids = wanted.flatMap((one) => one.product_id ?? [])
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

/** NaN for what is no whole number of thousandths. */
function thousandths(quantity: number): number {
  const rounded = Math.round(quantity * 1000)
  return Math.abs(quantity * 1000 - rounded) < 1e-6 ? rounded : Number.NaN
}

function quantityProblem(quantity: number, { is_weighted }: Product): string | null {
  if (Number.isNaN(quantity)) return 'must have at most three decimals'
  if (quantity > MOST_QUANTITY * 1000) return `must be at most ${MOST_QUANTITY} in all`
  if (!is_weighted && quantity % 1000 !== 0) return 'must be whole: the product is sold by the unit'
  return null
}
