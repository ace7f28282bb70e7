import { notFound } from '../../../src/http/contract/app-error.ts'
import { formatTimestamp } from '../../../src/http/contract/moment.ts'
import { agorotFrom, agorotTo, meanShekels, shekels } from '../../../src/http/contract/money.ts'
import type { Page } from '../../../src/http/contract/page.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { all } from '../../../src/http/paging/conditions.ts'
import { countCheaply } from '../../../src/http/paging/count.ts'
import { readPage, type Sql } from '../../../src/http/paging/paging.ts'
import { searchProducts } from '../search/find.ts'
import { products } from '../tables.ts'
import { goodsOnly, TOKEN_AGOROT } from './goods.ts'
import type { Product, ProductsQuery } from './product-schemas.ts'
import { unitPriceKey } from './unit-price-key.ts'

type ProductRow = {
  id: number
  code: string
  chain_id: string | null
  name: string
  names: string[]
  manufacturer: string | null
  unit_of_measure: string | null
  unit_quantity: string | null
  is_weighted: boolean
  category: string | null
  subcategory: string | null
  category_rule: string | null
  min: number | null
  max: number | null
  sum: number | null
  store_count: number
  sale: number | null
  created_at: Date
  updated_at: Date
}

/**
 * Lists products. With a search text `q`, the default order is by relevance, then by the number of
 * stores.
 */
export async function listProducts(
  context: ReadContext,
  query: ProductsQuery,
): Promise<Page<Product>> {
  const { db } = context
  const card = cardColumns(context, query.include_stale)
  const {
    q,
    barcode,
    category,
    subcategory,
    manufacturer,
    chain_id,
    price_min,
    price_max,
    on_sale,
    include_stale,
    min_stores,
  } = query
  const search = q === undefined ? null : await searchProducts(context, q)
  const isPriceRanking = query.sort?.some((key) => /^(unit_)?price(:|$)/.test(key)) === true
  const where = all(context, [
    isPriceRanking && goodsOnly(context, query),
    isPriceRanking && db`(${card.min} > ${TOKEN_AGOROT} or ${card.min} is null)`,
    min_stores !== undefined && db`${card.count} >= ${min_stores}`,
    q !== undefined && matchesTyped(context, { q, found: search?.found }),
    barcode !== undefined && db`p.chain_id is null and p.code = any(${barcode.map(withoutZeros)})`,
    category !== undefined && db`p.category = ${category}`,
    subcategory !== undefined && db`p.subcategory = ${subcategory}`,
    manufacturer !== undefined && db`p.manufacturer = ${manufacturer}`,
    chain_id !== undefined && db`${chain_id} = any(p.chain_ids)`,
    price_min !== undefined && db`${card.min} >= ${agorotFrom(price_min)}`,
    price_max !== undefined && db`${card.min} <= ${agorotTo(price_max)}`,
    on_sale !== undefined && db`${saleToday(context)} is ${on_sale ? db`not null` : db`null`}`,
  ])
  const page = await readPage<ProductRow>(context, query, {
    // totals are cached by name and filters, and a ranking by price excludes rows
    name: isPriceRanking ? 'products by price' : 'products',
    sorts: {
      id: { column: products.id, alias: 'p' },
      name: { column: products.name, alias: 'p' },
      price: { by: card.min, type: 'integer' },
      unit_price: { by: unitPriceKey(context, card.min), type: 'bigint' },
      store_count: { by: card.count, type: 'integer' },
      manufacturer: { column: products.manufacturer, alias: 'p' },
      updated_at: { column: products.updated_at, alias: 'p' },
      ...(search === null ? {} : { relevance: { by: search.relevance, type: 'integer' } }),
    },
    order:
      q === undefined
        ? ['id']
        : search === null
          ? ['store_count:desc']
          : ['relevance', 'store_count:desc'],
    unique: ['id'],
    total: () => countCheaply(context, db`select from catalog.products p where ${where}`),
    rows: ({ keys, after, order, limit }) => db`
      select ${productColumns(context, include_stale)}, ${keys}
      from catalog.products p where ${where} ${after} order by ${order} ${limit}`,
  })
  return { ...page, rows: page.rows.map(toProduct) }
}

/** @throws AppError PRODUCT_NOT_FOUND */
export async function findProduct(
  context: ReadContext,
  { id, include_stale }: { id: number; include_stale?: boolean },
): Promise<Product> {
  const [row] = await context.db<ProductRow[]>`
    select ${productColumns(context, include_stale)} from catalog.products p where p.id = ${id}`
  if (row === undefined) throw notFound('PRODUCT_NOT_FOUND', `product ${id}`)
  return toProduct(row)
}

/** @throws AppError PRODUCT_NOT_FOUND */
export async function findProductByBarcode(
  context: ReadContext,
  { code, include_stale }: { code: string; include_stale?: boolean },
): Promise<Product> {
  const { db } = context
  const [row] = await db<ProductRow[]>`
    select ${productColumns(context, include_stale)} from catalog.products p
    where p.code = ${withoutZeros(code)} and p.chain_id is null`
  if (row === undefined) throw notFound('PRODUCT_NOT_FOUND', `product with the barcode ${code}`)
  return toProduct(row)
}

export async function findProductsById(
  context: ReadContext,
  ids: readonly number[],
  includeStale = false,
): Promise<Map<number, Product>> {
  const rows = await context.db<ProductRow[]>`
    select ${productColumns(context, includeStale)} from catalog.products p where p.id = any(${[...ids]}::int[])`
  return new Map(rows.map((row) => [row.id, toProduct(row)]))
}

/**
 * Finds products by barcodes, by a chain's internal code (in every chain, unless one is given), and
 * by category. Returns undefined without any filter.
 */
export async function findProductIds(
  { db }: ReadContext,
  {
    barcode,
    code,
    chain_id,
    category,
    subcategory,
  }: {
    barcode?: readonly string[] | undefined
    code?: string | undefined
    chain_id?: string | undefined
    category?: string | undefined
    subcategory?: string | undefined
  },
): Promise<number[] | undefined> {
  if ([barcode, code, category, subcategory].every((one) => one === undefined)) return undefined
  const rows = await db<{ id: number }[]>`
    select p.id from catalog.products p
    where ${barcode === undefined ? db`true` : db`p.code = any(${barcode.map(withoutZeros)}) and p.chain_id is null`}
      and ${code === undefined ? db`true` : db`p.code = ${withoutZeros(code)} and p.chain_id is not null`}
      and ${category === undefined ? db`true` : db`p.category = ${category}`}
      and ${subcategory === undefined ? db`true` : db`p.subcategory = ${subcategory}`}
      and ${code === undefined || chain_id === undefined ? db`true` : db`p.chain_id = ${chain_id}`}
    order by p.id`
  return rows.map(({ id }) => id)
}

/** SQL: the product matches the search text. A barcode or its first digits also match directly. */
function matchesTyped(
  { db }: ReadContext,
  { q, found }: { q: string; found: Sql | undefined },
): Sql {
  const digits = withoutZeros(q.replace(/[\s-]/g, ''))
  const byWords = found ?? db`false`
  if (!/^\d+$/.test(digits) || digits.length < MIN_PREFIX_DIGITS) return byWords
  // a range instead of a pattern, so that an index is used for any digits; ':' is the character
  // after '9'
  return db`(${byWords} or (p.code >= ${digits} and p.code < ${`${digits}:`}
    and (p.chain_id is null or p.code = ${digits})))`
}

/** The minimum number of digits to search for an incomplete barcode. */
const MIN_PREFIX_DIGITS = 6

function withoutZeros(code: string): string {
  return code.replace(/^0+(?=\d)/, '')
}

function cardColumns({ db }: ReadContext, includeStale = false) {
  return includeStale
    ? {
        min: db`p.all_min_agorot`,
        max: db`p.all_max_agorot`,
        sum: db`p.all_sum_agorot`,
        count: db`p.all_store_count`,
      }
    : {
        min: db`p.min_agorot`,
        max: db`p.max_agorot`,
        sum: db`p.sum_agorot`,
        count: db`p.store_count`,
      }
}

function productColumns(context: ReadContext, includeStale?: boolean): Sql {
  const { min, max, sum, count } = cardColumns(context, includeStale)
  return context.db`p.id, p.code, p.chain_id, p.name, p.names, p.manufacturer, p.unit_of_measure, p.unit_quantity, p.is_weighted,
    p.category, p.subcategory, p.category_rule,
    ${min} as min, ${max} as max, ${sum}::float8 as sum, ${count} as store_count, ${saleToday(context)} as sale,
    p.created_at, p.updated_at`
}

/**
 * SQL: today's lowest sale price in stores that are not stale; null when product `p` is on sale
 * nowhere.
 */
function saleToday({ db, day }: ReadContext): Sql {
  return db`(select min(sale.agorot) from unnest(p.sale_days, p.sale_agorot) sale (days, agorot) where sale.days @> ${day}::date)`
}

function toProduct(row: ProductRow): Product {
  const { min, max, sum, store_count, sale } = row
  const isSold = min !== null && max !== null && sum !== null && store_count > 0
  return {
    id: row.id,
    kaggle_product_id: row.chain_id === null ? row.code : `${row.chain_id}-${row.code}`,
    product_name: row.name,
    names: row.names,
    barcode: row.chain_id === null ? row.code : null,
    manufacturer: row.manufacturer,
    category: row.category,
    subcategory: row.subcategory,
    category_rule: row.category_rule,
    unit_of_measure: row.unit_of_measure,
    unit_quantity: row.unit_quantity === null ? null : Number(row.unit_quantity),
    is_weighted: row.is_weighted,
    current_price: isSold
      ? { min: shekels(min), max: shekels(max), avg: meanShekels(sum, store_count) }
      : null,
    discount_price: sale === null ? null : shekels(sale),
    is_on_sale: sale !== null,
    store_count,
    created_at: formatTimestamp(row.created_at),
    updated_at: formatTimestamp(row.updated_at),
  }
}
