import { type Static, Type } from '@sinclair/typebox'
import { choice, nullable } from '../../src/http/contract/endpoint.ts'
import { productShape, storeShape } from '../catalog/index.ts'

const moment = Type.String({ format: 'date-time' })

const unitPriceShape = nullable(
  Type.Object(
    { price: Type.Number(), per: choice(['100g', 'kg', '100ml', 'liter', 'unit', 'meter'], {}) },
    {
      description:
        'Computed from the price and the contents; null when the contents are not known.',
    },
  ),
)
const price = {
  price: Type.Number({ description: 'Shekels; of goods by weight, for a kilogram.' }),
  discount_price: nullable(
    Type.Number({
      description:
        'What one unit (or kilogram) costs by a promotion that is for everyone; of a price that holds no longer, when it was last observed. Null without one.',
    }),
  ),
  is_on_sale: Type.Boolean({ description: 'Whether there is a discount_price.' }),
}

export const priceShape = Type.Object(
  {
    id: Type.String(),
    product: Type.Object({
      id: Type.Integer(),
      name: Type.String(),
      barcode: nullable(Type.String()),
    }),
    store: Type.Object({
      id: Type.Integer(),
      name: nullable(Type.String()),
      chain: nullable(Type.String()),
      chain_id: Type.String(),
      store_number: Type.Integer(),
      city: nullable(Type.String()),
    }),
    ...price,
    unit_price: unitPriceShape,
    valid_from: moment,
    valid_to: nullable(
      Type.String({
        format: 'date-time',
        description: 'The first moment that it no longer held; null while it holds.',
      }),
    ),
    observation_date: Type.String({
      format: 'date',
      description: 'The day of last_observed_at in Israel.',
    }),
    last_observed_at: Type.String({
      format: 'date-time',
      description: 'The newest price list that shows this price.',
    }),
    stale: Type.Boolean({ description: 'The store has not been observed lately.' }),
    source_file: Type.String({ description: 'That price list’s file.' }),
  },
  {
    title: 'Price',
    example: {
      id: '1234-456-20260809T030000',
      product: { id: 1234, name: 'חלב 3% 1 ליטר', barcode: '7290000000123' },
      store: {
        id: 456,
        name: 'שלי ירושלים',
        chain: 'שופרסל',
        chain_id: '7290027600007',
        store_number: 413,
        city: 'ירושלים',
      },
      price: 6.5,
      discount_price: 5.9,
      is_on_sale: true,
      unit_price: { price: 6.5, per: 'liter' },
      valid_from: '2026-08-09T03:00:00+03:00',
      valid_to: null,
      observation_date: '2026-08-20',
      last_observed_at: '2026-08-20T03:00:00+03:00',
      stale: false,
      source_file: 'PriceFull7290027600007-413-202608200300',
    },
  },
)
export type Price = Static<typeof priceShape>

const offer = { ...price, unit_price: unitPriceShape, valid_from: moment }
const offerExample = {
  price: 6.5,
  discount_price: 5.9,
  is_on_sale: true,
  unit_price: { price: 6.5, per: 'liter' },
  valid_from: '2026-08-09T03:00:00+03:00',
}

export const productInStoreShape = Type.Object(
  { ...productShape.properties, ...offer },
  { title: 'ProductInStore', example: { ...productShape.example, ...offerExample } },
)
export type ProductInStore = Static<typeof productInStoreShape>

export const storeOfProductShape = Type.Object(
  { ...storeShape.properties, ...offer },
  { title: 'StoreOfProduct', example: { ...storeShape.example, ...offerExample } },
)
export type StoreOfProduct = Static<typeof storeOfProductShape>

export const coverageShape = Type.Object(
  {
    chain_id: Type.String(),
    chain: nullable(Type.String()),
    observation_date: Type.String({ format: 'date', description: 'The day in Israel.' }),
    stores: Type.Integer({
      description: 'Stores with a list of that day, of prices or of promotions.',
    }),
    full_stores: Type.Integer({ description: 'Stores with a complete price list of that day.' }),
    items: Type.Integer({
      description: 'Rows of the day’s last full list of each store, added up.',
    }),
    full_lists: Type.Integer({ description: 'Complete price lists.' }),
    delta_lists: Type.Integer({ description: 'Lists of changed prices.' }),
    promotions: Type.Integer({
      description: 'Rows of the day’s last complete list of promotions of each store, added up.',
    }),
    promotion_lists: Type.Integer({
      description: 'Lists of promotions, complete ones and changes.',
    }),
    last_list_at: moment,
  },
  {
    title: 'Coverage',
    example: {
      chain_id: '7290027600007',
      chain: 'שופרסל',
      observation_date: '2026-08-20',
      stores: 301,
      full_stores: 299,
      items: 3_512_004,
      full_lists: 602,
      delta_lists: 4120,
      promotions: 640_318,
      promotion_lists: 1203,
      last_list_at: '2026-08-20T22:10:00+03:00',
    },
  },
)
export type Coverage = Static<typeof coverageShape>
