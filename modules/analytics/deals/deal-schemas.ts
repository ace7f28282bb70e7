import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import { choice, idNumber, nullable } from '../../../src/http/contract/value-schemas.ts'
import { categoryFilters, productIdFilters, storeFilters } from '../../catalog/index.ts'
import {
  includeStale,
  productSummarySchema,
  storeSummarySchema,
  summaryExamples,
} from '../sellers/shared-schemas.ts'

const day = (description: string) => Type.String({ format: 'date', description })

export const dealSchema = Type.Object(
  {
    product: productSummarySchema,
    store: Type.Object(storeSummarySchema.properties, {
      description:
        'The store of the chain where it is the best deal; all figures are this store’s.',
    }),
    stores: Type.Integer({
      description: 'The stores of the chain, among those asked for, with a deal at this price.',
    }),
    seller_count: Type.Integer({ description: 'The stores of all chains that sell it now.' }),
    worth: Type.Number({
      description:
        'The score, weighted by how many stores have the deal, how many sell the product, and how sure the reference is.',
    }),
    score: Type.Number({
      description:
        'Half of `percent`, and half of the same below the low of 90 days where that is lower.',
    }),
    percent: Type.Number({ description: 'By how much the price is below `reference_price`.' }),
    price: Type.Number({ description: 'What one unit (or kilogram) costs anyone.' }),
    reference_price: Type.Number({
      description:
        'The least of: the low of 30 days, the median of 90 days, what other chains ask.',
    }),
    shelf_price: Type.Number(),
    kind: choice(['promotion', 'price_drop'], {
      description: 'Whether a promotion makes the price, or the shelf.',
    }),
    promotion: nullable(
      Type.Object({
        id: Type.Integer(),
        description: nullable(Type.String()),
        ends_on: nullable(Type.String({ format: 'date' })),
      }),
    ),
    before: Type.Object(
      {
        last_day: day(
          'The last day on which the store asked another price; the 30 and 90 days end with it.',
        ),
        low_30: Type.Number(),
        median_30: Type.Number(),
        days_30: Type.Integer({ description: 'Days on which the price was seen.' }),
        low_90: Type.Number(),
        median_90: Type.Number(),
        days_90: Type.Integer(),
      },
      { description: 'What the store asked for one unit before, promotions included.' },
    ),
    market: nullable(
      Type.Object(
        { median: Type.Number(), stores: Type.Integer() },
        {
          description: 'What the stores of other chains ask for one unit; null when none sells it.',
        },
      ),
    ),
    single_store: Type.Boolean({
      description: 'No other store sells the product; such deals come after the others.',
    }),
    suspect: Type.Boolean({
      description:
        'The price is a fifth of its reference or less: rather a mistake of the source. Such deals come last.',
    }),
    variant_count: Type.Integer({
      description: 'Near-identical articles of the same promotion, represented by this one.',
    }),
    variants: Type.Array(
      Type.Object({ ...productSummarySchema.properties, price: Type.Number() }),
      { description: 'The first 20 of them.' },
    ),
    observation_date: day('The newest day of the dataset, “today” in this answer.'),
    stale: Type.Boolean(),
  },
  {
    title: 'Deal',
    example: {
      product: summaryExamples.product,
      store: summaryExamples.store,
      stores: 41,
      seller_count: 137,
      worth: 14.79,
      score: 16.67,
      percent: 16.67,
      price: 5,
      reference_price: 6,
      shelf_price: 6.5,
      kind: 'promotion',
      promotion: { id: 4711, description: 'חלב 3% ב 5.00', ends_on: '2026-08-31' },
      before: {
        ...{ last_day: '2026-08-18', low_30: 6.2, median_30: 6.5, days_30: 30 },
        ...{ low_90: 6.2, median_90: 6.4, days_90: 88 },
      },
      market: { median: 6, stores: 96 },
      single_store: false,
      suspect: false,
      variant_count: 1,
      variants: [{ id: 1235, name: 'חלב 1% 1 ליטר', barcode: '7290000000130', price: 5 }],
      observation_date: '2026-08-20',
      stale: false,
    },
  },
)
export type Deal = Static<typeof dealSchema>

export const dealsQuery = {
  ...productIdFilters,
  ...categoryFilters,
  ...storeFilters,
  store_id: Type.Optional(idNumber(456)),
  min_score: Type.Optional(Type.Number({ minimum: 0, maximum: 100, example: 10 })),
  kind: Type.Optional(choice(['promotion', 'price_drop'], { example: 'promotion' })),
  min_stores: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100_000,
      example: 3,
      description: 'At least so many stores have the deal.',
    }),
  ),
  group_variants: Type.Optional(
    Type.Boolean({ example: true, description: '`false` lists every article as its own deal.' }),
  ),
  include_stale: includeStale,
}
export type DealsQuery = ListInput<typeof dealsQuery>
