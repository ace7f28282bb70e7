import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import { choice, idNumber, moment, nullable } from '../../../src/http/contract/value-schemas.ts'
import { categoryFilters, productIdFilters, storeFilters } from '../../catalog/index.ts'
import { storeIds } from '../sellers/shared-schemas.ts'
import { GRANULARITIES, type Granularity } from './trend-periods.ts'

const span = {
  from: Type.Optional(
    moment('2026-08-01', 'The first day; 29 days before the last one unless given.'),
  ),
  to: Type.Optional(
    moment('2026-08-20', 'The last day; that of the newest observation unless given.'),
  ),
  granularity: Type.Optional(
    choice<Granularity>(GRANULARITIES, {
      example: 'day',
      description: 'A row for each; `day` unless given.',
    }),
  ),
}

export const trendsQuery = {
  ...productIdFilters,
  ...categoryFilters,
  ...storeFilters,
  store_id: storeIds,
  ...span,
}
export type TrendsQuery = ListInput<typeof trendsQuery>

export const productTrendsQuery = {
  product_id: idNumber(1234),
  ...storeFilters,
  store_id: storeIds,
  ...span,
}
export type ProductTrendsQuery = ListInput<typeof productTrendsQuery>

export const trendSchema = Type.Object(
  {
    period_start: Type.String({ format: 'date', description: 'Of a week its Monday.' }),
    period_end: Type.String({ format: 'date', description: 'Its last requested day.' }),
    change_percent: nullable(
      Type.Number({
        description:
          'The change against the row before, over the same products in the same stores: the geometric mean of the ratios. Null if they have none in common. Unlike the change of `mean`, it does not move when other products or stores are observed.',
      }),
    ),
    matched_count: Type.Integer({
      description: 'The price series (a product in a store) that both rows have.',
    }),
    series_count: Type.Integer({ description: 'The price series of this row.' }),
    min: Type.Number(),
    mean: Type.Number({ description: 'Rounded half up to agorot.' }),
    median: Type.Number({
      description: 'Of an even number of prices the mean of the two in the middle.',
    }),
    max: Type.Number(),
    price_count: Type.Integer({
      description:
        'The prices behind these: one for each product, store and day on which the store was observed.',
    }),
    store_count: Type.Integer(),
    product_count: Type.Integer(),
    thin: Type.Boolean({
      description:
        'Fewer than half the price series of the fullest row, or fewer than half in common with the row before: do not compare its minimum, mean, median and maximum with other rows.',
    }),
  },
  {
    title: 'Trend',
    example: {
      ...{
        period_start: '2026-08-09',
        period_end: '2026-08-09',
        change_percent: -0.37,
        matched_count: 41,
        series_count: 42,
        min: 5.9,
        mean: 6.81,
        median: 6.81,
        max: 7.5,
      },
      ...{
        price_count: 42,
        store_count: 42,
        product_count: 1,
        thin: false,
      },
    },
  },
)
export type Trend = Static<typeof trendSchema>
