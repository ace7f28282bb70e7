import { type Static, type TObject, Type } from '@sinclair/typebox'
import { day, idNumber } from '../../../src/http/contract/value-schemas.ts'
import { barcode, storeFilters } from '../../catalog/index.ts'
import { includeStale, storeIds } from '../sellers/shared-schemas.ts'
import { MAX_LINES, MAX_QUANTITY } from './basket-lines.ts'

const MAX_NAMED_STORES = 500
const club = Type.String({
  pattern: '^([0-9]{1,20}:)?[^:,]{1,40}$',
  maxLength: 61,
  example: '7290027600007:1',
})
const CLUBS =
  'Clubs that one is in: `CHAIN_ID:CLUB`, or the club’s number alone, which then counts in every chain that has one.'

const shared = {
  date: Type.Optional(
    day('2026-08-20', 'The prices and promotions of this day; today unless given.'),
  ),
  include_stale: includeStale,
}
const coupons = Type.Optional(
  Type.Boolean({ example: false, description: 'Whether one has all the coupons.' }),
)
const limit = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: 1000,
    example: 20,
    description: 'So many stores are told, the best; 50 unless given.',
  }),
)

const quantity = Type.Number({
  minimum: 0.001,
  maximum: MAX_QUANTITY,
  example: 2,
  description: 'Units, or kilograms of what is weighed.',
})

/** The request body of a basket. */
export const basketBody = {
  products: Type.Optional(
    Type.Array(idNumber(1234), {
      maxItems: MAX_LINES,
      description: 'Product ids: one unit, or kilogram, of each.',
    }),
  ),
  items: Type.Optional(
    Type.Array(
      Type.Object(
        {
          product_id: Type.Optional(idNumber(1234)),
          barcode: Type.Optional(barcode),
          quantity: Type.Optional(quantity),
        },
        { additionalProperties: false },
      ),
      {
        maxItems: MAX_LINES,
        description: 'Products by id or barcode, with quantities (1 unless given).',
      },
    ),
  ),
  stores: Type.Optional(
    Type.Array(idNumber(456), {
      minItems: 1,
      maxItems: MAX_NAMED_STORES,
      description: 'Store ids; all unless told.',
    }),
  ),
  ...storeFilters,
  ...shared,
  clubs: Type.Optional(Type.Array(club, { maxItems: 20, description: CLUBS })),
  coupons,
  coupon_ids: Type.Optional(
    Type.Array(idNumber(4711), {
      maxItems: 100,
      description: 'The ids of the promotions whose coupon one has, instead of `coupons`.',
    }),
  ),
}

export type BasketBody = Static<TObject<typeof basketBody>>

const exampleBasket = {
  items: [{ product_id: 1234, quantity: 2 }, { barcode: '7290000000456' }],
  city: 'ירושלים',
  clubs: ['1'],
}

export const basketCostBody = Type.Object(
  { ...basketBody, limit },
  {
    title: 'BasketQuestion',
    additionalProperties: false,
    example: exampleBasket,
  },
)
export type BasketCostBody = Static<typeof basketCostBody>

/** The query parameters of a basket without quantities. */
export const basketCostQuery = {
  product_id: Type.Array(idNumber(1234), {
    maxItems: MAX_LINES,
    description: 'Up to 100, repeated or with commas.',
  }),
  ...storeFilters,
  store_id: storeIds,
  ...shared,
  club: Type.Optional(Type.Array(club, { maxItems: 20, description: CLUBS })),
  coupons,
  limit,
}
export type BasketCostQuery = Static<TObject<typeof basketCostQuery>>

export const basketOptimizeBody = Type.Object(
  {
    ...basketBody,
    max_stores: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 3, example: 2, description: '3 unless given.' }),
    ),
    visit_cost: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 1000,
        example: 10,
        description:
          'What a visit to a store costs, in shekels: the way and the time. 0 unless given.',
      }),
    ),
  },
  {
    title: 'BasketOptimumQuestion',
    additionalProperties: false,
    example: { ...exampleBasket, max_stores: 2, visit_cost: 10 },
  },
)
export type BasketOptimizeBody = Static<typeof basketOptimizeBody>
