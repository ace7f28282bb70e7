import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import { choice, day, idNumber, nullable } from '../../../src/http/contract/value-schemas.ts'
import { categoryFilters, productIdFilters, storeFilters } from '../../catalog/index.ts'
import {
  includeStale,
  productSummarySchema,
  storeSummarySchema,
  summaryExamples,
} from '../sellers/shared-schemas.ts'

const money = (description: string) => Type.Number({ description })
const date = (description: string) => Type.String({ format: 'date', description })

export const priceChangeSchema = Type.Object(
  {
    product: productSummarySchema,
    store: nullable(
      Type.Object(storeSummarySchema.properties, {
        description: 'With `per=store`; else null: all the stores together.',
      }),
    ),
    stores: Type.Integer({
      description: 'The stores that sold it on both days: the same ones at both ends.',
    }),
    from_price: money(
      'The mean of their shelf prices on the first day, rounded half up to agorot.',
    ),
    to_price: money('The same on the last day.'),
    percent: Type.Number({ description: 'By how much the sum of their prices changed.' }),
    least_percent: Type.Number({ description: 'The change in the store where it is least.' }),
    most_percent: Type.Number({ description: 'The change in the store where it is most.' }),
    rises: Type.Integer({ description: 'Stores where it costs more.' }),
    drops: Type.Integer({ description: 'Stores where it costs less.' }),
    impact: Type.Number({
      description:
        'The size of the change in percent, weighted by how many stores changed the price and how many sell the product.',
    }),
    seller_count: Type.Integer({ description: 'The stores of all chains that sell it now.' }),
    single_store: Type.Boolean({
      description: 'No other store sells the product; such changes come after the others.',
    }),
    suspect_stores: Type.Integer({
      description:
        'Stores where the price changed fivefold or to a fifth, or threefold while the stores on average ask a third or three times one of the two prices: probably a mistake of the source.',
    }),
    suspect: Type.Boolean({
      description: 'Whether there are such stores; these changes come last by default.',
    }),
    from_date: date('The first day: what the stores asked at its end.'),
    to_date: date('The last day: what they asked at its end.'),
  },
  {
    title: 'PriceChange',
    example: {
      product: summaryExamples.product,
      store: null,
      stores: 96,
      from_price: 6.5,
      to_price: 7.1,
      percent: 9.23,
      least_percent: 0,
      most_percent: 12.5,
      rises: 70,
      drops: 0,
      impact: 9.1,
      seller_count: 137,
      single_store: false,
      suspect_stores: 0,
      suspect: false,
      from_date: '2026-08-13',
      to_date: '2026-08-20',
    },
  },
)
export type PriceChange = Static<typeof priceChangeSchema>

export const priceChangesQuery = {
  from: Type.Optional(day('2026-08-13', 'The first day; `days` before the last one unless given.')),
  to: Type.Optional(day('2026-08-20', 'The last day; the newest of the dataset unless given.')),
  days: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 366,
      example: 7,
      description: 'Instead of `from`; 7 unless told.',
    }),
  ),
  per: Type.Optional(
    choice(['product', 'store'], {
      example: 'product',
      description: 'A row for each product, or in each store too.',
    }),
  ),
  direction: Type.Optional(choice(['rise', 'drop'], { example: 'rise' })),
  suspect: Type.Optional(
    Type.Boolean({ example: false, description: 'Only with suspect stores, or without.' }),
  ),
  min_stores: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100_000,
      example: 3,
      description: 'Sold by so many stores on both days.',
    }),
  ),
  ...productIdFilters,
  ...categoryFilters,
  ...storeFilters,
  store_id: Type.Optional(idNumber(456)),
  include_stale: includeStale,
}
export type PriceChangesQuery = ListInput<typeof priceChangesQuery>
