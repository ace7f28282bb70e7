import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import { moment, nullable } from '../../../src/http/contract/value-schemas.ts'
import { categoryFilters, productIdFilters, storeFilters } from '../../catalog/index.ts'
import {
  includeStale,
  productSummarySchema,
  storeIds,
  storeSummarySchema,
  summaryExamples,
} from '../sellers/shared-schemas.ts'

export const comparisonQuery = {
  ...productIdFilters,
  ...categoryFilters,
  ...storeFilters,
  store_id: storeIds,
  as_of: Type.Optional(
    moment(
      '2026-08-15',
      'The prices that held at this moment; a date alone is the end of that day. Now unless given.',
    ),
  ),
  min_stores: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100_000,
      example: 3,
      description: 'At least so many stores sell it now.',
    }),
  ),
  include_stale: includeStale,
}
export type ComparisonQuery = ListInput<typeof comparisonQuery>

const range = {
  min: Type.Number(),
  max: Type.Number(),
  mean: Type.Number({ description: 'Rounded half up to agorot.' }),
  median: Type.Number({
    description: 'Of an even number of prices the mean of the two in the middle.',
  }),
  spread: Type.Number({ description: 'max − min.' }),
  spread_percent: Type.Number({ description: 'The spread in percent of min.' }),
  cheapest: Type.Array(Type.Integer(), { description: 'The ids of the stores that ask min.' }),
}

export const priceComparisonSchema = Type.Object(
  {
    product: productSummarySchema,
    store_count: Type.Integer({ description: 'The stores that are compared.' }),
    stale_stores: Type.Integer({
      description: 'Stores that sell it too, but were not observed lately: not compared.',
    }),
    observation_date: nullable(
      Type.String({
        format: 'date',
        description: 'The day in Israel on which the newest of the stores was observed.',
      }),
    ),
    oldest_observation_date: nullable(
      Type.String({ format: 'date', description: 'The same of the oldest.' }),
    ),
    shelf: nullable(
      Type.Object(range, { description: 'Of the shelf prices; null when no store is compared.' }),
    ),
    with_promotions: nullable(
      Type.Object(
        {
          ...range,
          promoted_stores: Type.Integer({
            description: 'The stores where a promotion makes one unit cheaper.',
          }),
        },
        { description: 'Of what one unit costs anyone: the discount price where there is one.' },
      ),
    ),
    stores: Type.Array(
      Type.Object({
        rank: nullable(
          Type.Integer({
            description:
              'By shelf price; equal prices share a rank. Null for a stale store, unless asked for.',
          }),
        ),
        rank_with_promotions: nullable(Type.Integer()),
        store: storeSummarySchema,
        price: Type.Number(),
        discount_price: nullable(Type.Number()),
        observation_date: Type.String({
          format: 'date',
          description: 'The day on which the store was last observed.',
        }),
        stale: Type.Boolean(),
      }),
      { description: 'Every store that sells it, cheapest first at the shelf; stale stores last.' },
    ),
  },
  {
    title: 'PriceComparison',
    example: {
      product: summaryExamples.product,
      store_count: 2,
      stale_stores: 0,
      observation_date: '2026-08-20',
      oldest_observation_date: '2026-08-20',
      shelf: {
        min: 6.5,
        max: 7.11,
        mean: 6.81,
        median: 6.81,
        spread: 0.61,
        spread_percent: 9.38,
        cheapest: [456],
      },
      with_promotions: {
        ...{
          min: 5.9,
          max: 7.11,
          mean: 6.51,
          median: 6.51,
          spread: 1.21,
          spread_percent: 20.51,
          cheapest: [456],
        },
        promoted_stores: 1,
      },
      stores: [
        {
          rank: 1,
          rank_with_promotions: 1,
          store: summaryExamples.store,
          price: 6.5,
          discount_price: 5.9,
          observation_date: '2026-08-20',
          stale: false,
        },
      ],
    },
  },
)
export type PriceComparison = Static<typeof priceComparisonSchema>
