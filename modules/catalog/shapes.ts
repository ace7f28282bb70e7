import { type Static, Type } from '@sinclair/typebox'
import { nullable } from '../../src/http/contract/endpoint.ts'

const moment = Type.String({ format: 'date-time' })
const money = Type.Number()
const maybeText = nullable(Type.String())

export const chainShape = Type.Object(
  {
    id: Type.String({ description: 'The chain’s 13-digit number.' }),
    name: maybeText,
    slugs: Type.Array(Type.String(), {
      description: 'The names of the chain’s files in the dataset.',
    }),
    store_count: Type.Integer(),
    last_observed_at: nullable(moment),
    created_at: moment,
    updated_at: moment,
  },
  {
    title: 'Chain',
    example: {
      id: '7290027600007',
      name: 'שופרסל',
      slugs: ['shufersal'],
      store_count: 42,
      last_observed_at: '2026-08-20T03:00:00+03:00',
      created_at: '2026-08-09T12:00:00+03:00',
      updated_at: '2026-08-20T12:00:00+03:00',
    },
  },
)
export type Chain = Static<typeof chainShape>

export const storeShape = Type.Object(
  {
    id: Type.Integer(),
    kaggle_store_id: Type.String({ description: 'Chain id and store number.' }),
    store_name: maybeText,
    store_number: Type.Integer(),
    chain_id: Type.String(),
    chain_name: maybeText,
    sub_chain: maybeText,
    store_type: maybeText,
    city: maybeText,
    city_code: maybeText,
    address: maybeText,
    zip: maybeText,
    latitude: nullable(Type.Number()),
    longitude: nullable(Type.Number()),
    last_observed_at: nullable(moment),
    stale: Type.Boolean({
      description:
        'Not observed for STALE_AFTER_DAYS before the newest observation of the dataset.',
    }),
    created_at: moment,
    updated_at: moment,
  },
  {
    title: 'Store',
    example: {
      id: 456,
      kaggle_store_id: '7290027600007-413',
      store_name: 'שלי ירושלים',
      store_number: 413,
      chain_id: '7290027600007',
      chain_name: 'שופרסל',
      sub_chain: 'שופרסל שלי',
      store_type: 'physical',
      city: 'ירושלים',
      city_code: '3000',
      address: 'יפו 1',
      zip: '9414101',
      latitude: null,
      longitude: null,
      last_observed_at: '2026-08-20T03:00:00+03:00',
      stale: false,
      created_at: '2026-08-09T12:00:00+03:00',
      updated_at: '2026-08-20T12:00:00+03:00',
    },
  },
)
export type Store = Static<typeof storeShape>

export const productShape = Type.Object(
  {
    id: Type.Integer(),
    kaggle_product_id: Type.String({ description: 'The barcode, or chain id and internal code.' }),
    product_name: Type.String(),
    names: Type.Array(Type.String(), { description: 'All the names that chains give it.' }),
    barcode: nullable(
      Type.String({ description: 'Without leading zeros; null for the internal code of a chain.' }),
    ),
    manufacturer: maybeText,
    category: nullable(
      Type.String({
        description: 'As in /products/categories; `Other` when the name does not tell.',
      }),
    ),
    subcategory: maybeText,
    category_rule: nullable(
      Type.String({ description: 'The term in the name that decided on the category.' }),
    ),
    unit_of_measure: maybeText,
    unit_quantity: nullable(Type.Number()),
    is_weighted: Type.Boolean(),
    current_price: nullable(
      Type.Object(
        { min: money, max: money, avg: money },
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
    created_at: moment,
    updated_at: moment,
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
export type Product = Static<typeof productShape>

const productCount = Type.Integer()

export const categoryShape = Type.Object(
  {
    category: Type.String(),
    product_count: productCount,
    subcategories: Type.Array(
      Type.Object({ subcategory: Type.String(), product_count: productCount }),
    ),
  },
  {
    title: 'Category',
    example: {
      category: 'Dairy',
      product_count: 1723,
      subcategories: [{ subcategory: 'Milk', product_count: 112 }],
    },
  },
)
export type CategoryCount = Static<typeof categoryShape>

export const manufacturerShape = Type.Object(
  { manufacturer: Type.String(), product_count: Type.Integer() },
  { title: 'Manufacturer', example: { manufacturer: 'תנובה', product_count: 812 } },
)
export type Manufacturer = Static<typeof manufacturerShape>
