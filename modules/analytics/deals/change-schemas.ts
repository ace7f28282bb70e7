import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import { choice, day, idNumber, nullable } from '../../../src/http/contract/value-schemas.ts'
import { categoryFilters, storeFilters } from '../../catalog/index.ts'
import {
  includeStale,
  productFilters,
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
    suspect_stores: Type.Integer({
      description:
        'Stores where the price changed to five times as much, or to a fifth, or further: more often a slip of unit or decimal point than a price.',
    }),
    suspect: Type.Boolean({
      description: 'Whether there are such; they come last, unless another order is asked for.',
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
  ...productFilters,
  ...categoryFilters,
  ...storeFilters,
  store_id: Type.Optional(idNumber(456)),
  include_stale: includeStale,
}
export type PriceChangesQuery = ListInput<typeof priceChangesQuery>
