import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import {
  choice,
  dateTime,
  idNumber,
  MAX_INTEGER,
  moment,
  nullable,
  text,
} from '../../../src/http/contract/value-schemas.ts'
import { categoryFilters, productIdFilters, storeFilters } from '../../catalog/index.ts'

const money = (example: number) =>
  Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000, example }))

export const range = {
  from: Type.Optional(
    moment(
      '2026-08-10',
      'Prices that held at this moment or after it; Israel time unless it carries an offset.',
    ),
  ),
  to: Type.Optional(
    moment('2026-08-20', 'Prices that held before this moment; a date alone is that whole day.'),
  ),
}
const times = {
  ...range,
  as_of: Type.Optional(
    moment(
      '2026-08-15T12:00:00+03:00',
      'The prices that held at this moment; a date alone is the end of that day.',
    ),
  ),
}
export const priceFilters = {
  price_min: money(5),
  price_max: money(10),
  on_sale: Type.Optional(
    Type.Boolean({
      example: true,
      description: 'Whether a promotion for everyone makes one unit cheaper today.',
    }),
  ),
}

export const pricesQuery = {
  ...productIdFilters,
  code: Type.Optional(
    text('1048', 'A chain’s internal code (of every chain that has it, unless chain_id is given).'),
  ),
  ...categoryFilters,
  store_id: Type.Optional(idNumber(456)),
  store_number: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_INTEGER, example: 413 })),
  ...storeFilters,
  ...priceFilters,
  ...times,
  max_age_days: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 3650,
      example: 3,
      description:
        'Last observed at most so many days before the newest observation of the dataset.',
    }),
  ),
}
export type PricesQuery = ListInput<typeof pricesQuery>

export const storePricesParams = { id: idNumber(456) }
export const storePricesQuery = { ...priceFilters, ...times }
export type StorePricesQuery = ListInput<typeof storePricesQuery, typeof storePricesParams>

export const unitPriceSchema = nullable(
  Type.Object(
    { price: Type.Number(), per: choice(['100g', 'kg', '100ml', 'liter', 'unit', 'meter'], {}) },
    {
      description:
        'Computed from the price and the contents; null when the contents are not known.',
    },
  ),
)
export const price = {
  price: Type.Number({ description: 'Shekels; of goods by weight, for a kilogram.' }),
  discount_price: nullable(
    Type.Number({
      description:
        'What one unit (or kilogram) costs by a promotion that is for everyone; of a price that holds no longer, when it was last observed. Null without one.',
    }),
  ),
  is_on_sale: Type.Boolean({ description: 'Whether there is a discount_price.' }),
}

export const priceSchema = Type.Object(
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
    unit_price: unitPriceSchema,
    valid_from: dateTime(),
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
export type Price = Static<typeof priceSchema>
