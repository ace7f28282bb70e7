import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import { choice, nullable } from '../../../src/http/contract/value-schemas.ts'
import { categoryFilters, storeFilters } from '../../catalog/index.ts'
import { storeSummarySchema, summaryExamples } from '../sellers/shared-schemas.ts'

export const cheapestStoresQuery = {
  category: categoryFilters.category,
  ...storeFilters,
  min_products: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 10_000_000,
      example: 500,
      description: 'Rank stores with so many of the products; by default 30, and 5% of them.',
    }),
  ),
  include_stale: Type.Optional(
    Type.Boolean({
      example: false,
      description:
        'Rank stale stores too, each against the market of the day it was last observed.',
    }),
  ),
}
export type CheapestStoresQuery = ListInput<typeof cheapestStoresQuery>

export const cheapStoreSchema = Type.Object(
  {
    rank: nullable(
      Type.Integer({
        description: 'Among the stores that match the filters; null if it is not ranked.',
      }),
    ),
    not_ranked: nullable(
      choice(['too_few_products', 'stale'], {
        description:
          'Why it is not: it sells too few of the products (`min_products`), or is stale.',
      }),
    ),
    store: storeSummarySchema,
    index: nullable(
      Type.Number({
        description:
          'Its prices in percent of the market’s: 100 is the market, 95 is 5% cheaper. Null without a product.',
      }),
    ),
    interval: nullable(
      Type.Object(
        { low: Type.Number(), high: Type.Number() },
        { description: 'The index with 95% confidence; null with fewer than two products.' },
      ),
    ),
    product_count: Type.Integer({ description: 'The products behind it.' }),
    coverage: Type.Number({ description: 'The share of market_products that it sells.' }),
    market_products: Type.Integer({ description: 'All products that enough stores sell.' }),
    market_stores: Type.Integer({
      description:
        'The stores that make the market: all that sell such products and are not stale.',
    }),
    observation_date: Type.String({
      format: 'date',
      description: 'The day in Israel on which the store was last observed.',
    }),
    stale: Type.Boolean(),
  },
  {
    title: 'CheapStore',
    example: {
      ...{
        rank: 1,
        not_ranked: null,
        store: summaryExamples.store,
        index: 96.42,
        interval: { low: 96.11, high: 96.73 },
      },
      ...{
        product_count: 4120,
        coverage: 0.419,
        market_products: 9840,
        market_stores: 211,
        observation_date: '2026-08-20',
        stale: false,
      },
    },
  },
)
export type CheapStore = Static<typeof cheapStoreSchema>
