import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import { dateTime, idNumber, nullable, text } from '../../../src/http/contract/value-schemas.ts'
import { chainId } from '../stores/store-schemas.ts'

export const barcode = Type.String({ pattern: '^[0-9]{1,20}$', example: '7290000000123' })
const money = (example: number, description: string) =>
  Type.Number({ minimum: 0, maximum: 1_000_000, example, description })

const includeStale = Type.Boolean({
  example: false,
  description: 'Count the prices of stale stores into minimum, maximum, mean and store count too.',
})
const q = text(
  'חלב 3%',
  'Words in any order, each may be a beginning, and sizes (`1.5 ליטר`, `5%`); geresh, gershayim and niqqud do not matter. Misspelt words are looked for when too little is found. Or a barcode.',
)

/** The product category filters that many lists share. */
export const categoryFilters = {
  category: Type.Optional(text('Dairy', 'Exactly as in /products/categories.')),
  subcategory: Type.Optional(text('Milk', 'Exactly as in /products/categories.')),
}

/** Filters for given products, by id or by barcode, that lists of other modules share. */
export const productIdFilters = {
  product_id: Type.Optional(
    Type.Array(idNumber(1234), {
      maxItems: 100,
      description: 'Up to 100, repeated or with commas.',
    }),
  ),
  barcode: Type.Optional(
    Type.Array(barcode, { maxItems: 100, description: 'Up to 100, repeated or with commas.' }),
  ),
}

const productFilters = {
  ...categoryFilters,
  barcode: productIdFilters.barcode,
  manufacturer: Type.Optional(text('תנובה', 'Exactly as in /products/manufacturers.')),
  chain_id: Type.Optional(Type.String({ ...chainId, description: 'Sold by this chain now.' })),
  price_min: Type.Optional(money(5, 'The least current price is at least this.')),
  price_max: Type.Optional(money(10, 'The least current price is at most this.')),
  on_sale: Type.Optional(
    Type.Boolean({
      example: true,
      description: 'Whether a promotion for everyone makes one unit cheaper today.',
    }),
  ),
  min_stores: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100_000,
      example: 3,
      description: 'At least so many stores sell it now.',
    }),
  ),
  include_stale: Type.Optional(includeStale),
}

export const productsQuery = { q: Type.Optional(q), ...productFilters }
export type ProductsQuery = ListInput<typeof productsQuery>

export const searchQuery = { ...productsQuery, q }

export const productQuery = { include_stale: Type.Optional(includeStale) }

export const productSchema = Type.Object(
  {
    id: Type.Integer(),
    kaggle_product_id: Type.String({ description: 'The barcode, or chain id and internal code.' }),
    product_name: Type.String(),
    names: Type.Array(Type.String(), { description: 'All the names that chains give it.' }),
    barcode: nullable(
      Type.String({ description: 'Without leading zeros; null for the internal code of a chain.' }),
    ),
    manufacturer: nullable(Type.String()),
    category: nullable(
      Type.String({
        description: 'As in /products/categories; `Other` when the name does not tell.',
      }),
    ),
    subcategory: nullable(Type.String()),
    category_rule: nullable(
      Type.String({ description: 'The term in the name that decided on the category.' }),
    ),
    unit_of_measure: nullable(Type.String()),
    unit_quantity: nullable(Type.Number()),
    is_weighted: Type.Boolean(),
    current_price: nullable(
      Type.Object(
        { min: Type.Number(), max: Type.Number(), avg: Type.Number() },
        {
          description:
            'Over the stores that sell it now and are not stale; null when there are none.',
        },
      ),
    ),
    discount_price: nullable(
      Type.Number({
        description:
          'The least that one unit (or kilogram) costs today by a promotion for everyone, in stores that are not stale; null without one.',
      }),
    ),
    is_on_sale: Type.Boolean({ description: 'Whether there is a discount_price.' }),
    store_count: Type.Integer({ description: 'The stores that current_price is over.' }),
    created_at: dateTime(),
    updated_at: dateTime(),
  },
  {
    title: 'Product',
    example: {
      id: 1234,
      kaggle_product_id: '7290000000123',
      product_name: 'חלב 3% 1 ליטר',
      names: ['חלב 3% 1 ליטר', 'חלב טרי 3%'],
      barcode: '7290000000123',
      manufacturer: 'תנובה',
      category: 'Dairy',
      subcategory: 'Milk',
      category_rule: 'חלב',
      unit_of_measure: 'liter',
      unit_quantity: 1,
      is_weighted: false,
      current_price: { min: 5.9, max: 7.5, avg: 6.45 },
      discount_price: 5.5,
      is_on_sale: true,
      store_count: 42,
      created_at: '2026-08-09T12:00:00+03:00',
      updated_at: '2026-08-20T12:00:00+03:00',
    },
  },
)
export type Product = Static<typeof productSchema>
