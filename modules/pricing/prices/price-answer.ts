import { formatTimestamp } from '../../../src/http/contract/moment.ts'
import { shekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { israelDate } from '../../../src/israel-time.ts'
import { findProductsById, findStoresById, type Product, type Store } from '../../catalog/index.ts'
import type { priceLists, prices } from '../tables.ts'
import type { Price } from './price-schemas.ts'
import { unitPrice } from './unit-price.ts'

/** A span with the newest price list that observed it, and its sale price for one unit (agorot). */
export type PriceRow = Omit<typeof prices.$inferSelect, 'list_id'> &
  Pick<typeof priceLists.$inferSelect, 'observed_at' | 'file_name'> & { sale: number | null }

type Offer = Pick<PriceRow, 'product_id' | 'store_id' | 'agorot' | 'sale' | 'valid_from'>

/** Formats price rows for the API, with their products and stores. */
export async function toPriceResponses(
  context: ReadContext,
  rows: readonly PriceRow[],
): Promise<Price[]> {
  const partners = await findPartners(context, rows)
  return rows.map((row) => {
    const { product, store } = partnersOf(row, partners)
    return {
      id: priceId(row),
      product: { id: product.id, name: product.product_name, barcode: product.barcode },
      store: {
        id: store.id,
        name: store.store_name,
        chain: store.chain_name,
        chain_id: store.chain_id,
        store_number: store.store_number,
        city: store.city,
      },
      ...toPriceFields(row),
      unit_price: toUnitPrice(row.agorot, product),
      valid_from: formatTimestamp(row.valid_from),
      valid_to: row.valid_to && formatTimestamp(row.valid_to),
      observation_date: israelDate(row.observed_at.getTime()),
      last_observed_at: formatTimestamp(row.observed_at),
      stale: store.stale,
      source_file: row.file_name,
    }
  })
}

/** Formats what a store charges for a product, with the complete product and store. */
export async function toOffers(context: ReadContext, rows: readonly Offer[]) {
  const partners = await findPartners(context, rows)
  return rows.map((row) => {
    const { product, store } = partnersOf(row, partners)
    const unit_price = toUnitPrice(row.agorot, product)
    return {
      product,
      store,
      offer: { ...toPriceFields(row), unit_price, valid_from: formatTimestamp(row.valid_from) },
    }
  })
}

function toPriceFields({ agorot, sale }: Offer) {
  return {
    price: shekels(agorot),
    discount_price: sale === null ? null : shekels(sale),
    is_on_sale: sale !== null,
  }
}

/**
 * `{product}-{store}-{valid_from in Israel's local time}`: stable, because a span begins only once.
 */
function priceId({ product_id, store_id, valid_from }: PriceRow): string {
  const iso = formatTimestamp(valid_from)
  const [date, time] = [
    iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 10),
    iso.slice(11, 13) + iso.slice(14, 16),
  ]
  return `${product_id}-${store_id}-${date}T${time}${iso.slice(17, 19)}`
}

function toUnitPrice(
  agorot: number,
  { unit_of_measure, unit_quantity, is_weighted }: Product,
): Price['unit_price'] {
  const contents = {
    unitOfMeasure: unit_of_measure,
    unitQuantity: unit_quantity === null ? null : String(unit_quantity),
    isWeighted: is_weighted,
  }
  const computed = unitPrice(agorot, contents)
  return computed && { price: shekels(computed.agorot), per: computed.per }
}

type Partners = { products: Map<number, Product>; stores: Map<number, Store> }

async function findPartners(context: ReadContext, rows: readonly Offer[]): Promise<Partners> {
  const products = await findProductsById(context, [...new Set(rows.map((row) => row.product_id))])
  return {
    products,
    stores: await findStoresById(context, [...new Set(rows.map((row) => row.store_id))]),
  }
}

function partnersOf(
  { product_id, store_id }: Offer,
  { products, stores }: Partners,
): { product: Product; store: Store } {
  const product = products.get(product_id)
  const store = stores.get(store_id)
  if (product === undefined || store === undefined) {
    throw new Error(`Cannot tell a price: product ${product_id} or store ${store_id} is missing`)
  }
  return { product, store }
}
