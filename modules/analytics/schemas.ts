import { Type } from '@sinclair/typebox'
import { choice, idNumber, listEndpoint, moment } from '../../src/http/contract/endpoint.ts'
import { categoryFilters, storeFilters } from '../catalog/index.ts'
import { cheapStoreShape, priceComparisonShape, trendShape } from './shapes.ts'
import { GRANULARITIES, type Granularity } from './trends/trend-periods.ts'

const TAG = 'analytics'
export const code = Type.String({ pattern: '^[0-9]{1,20}$', example: '7290000000123' })

export const productFilters = {
  product_id: Type.Optional(
    Type.Array(idNumber(1234), {
      maxItems: 100,
      description: 'Up to 100, repeated or with commas.',
    }),
  ),
  barcode: Type.Optional(
    Type.Array(code, { maxItems: 100, description: 'Up to 100, repeated or with commas.' }),
  ),
}

export const storeIds = Type.Optional(
  Type.Array(idNumber(456), { maxItems: 100, description: 'Up to 100, repeated or with commas.' }),
)

export const includeStale = Type.Optional(
  Type.Boolean({ example: false, description: 'Count and rank the prices of stale stores too.' }),
)

export const priceComparison = listEndpoint({
  summary: 'What products cost in all stores',
  description:
    'A row for each product: the range of its prices, where it is cheapest, and the rank of every store, at the shelf and with the promotions for everyone.',
  tag: TAG,
  shape: priceComparisonShape,
  query: {
    ...productFilters,
    ...categoryFilters,
    ...storeFilters,
    store_id: storeIds,
    as_of: Type.Optional(
      moment(
        '2026-08-15',
        'The prices that held at this moment; a date alone is the end of that day. Now unless given.',
      ),
    ),
    include_stale: includeStale,
  },
  sorts: ['product_id'],
})

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
const TREND =
  'A price counts for every day in Israel on which its store was observed, however often; a store counts on those days whether or not it is stale now. Shelf prices, without promotions.'

export const trendList = listEndpoint({
  summary: 'Prices in time',
  description: TREND,
  tag: TAG,
  shape: trendShape,
  query: { ...productFilters, ...categoryFilters, ...storeFilters, store_id: storeIds, ...span },
  sorts: ['period_start'],
})

export const productTrend = listEndpoint({
  summary: 'The prices of one product in time',
  description: TREND,
  tag: 'prices',
  shape: trendShape,
  query: { product_id: idNumber(1234), ...storeFilters, store_id: storeIds, ...span },
  sorts: ['period_start'],
  errors: ['PRODUCT_NOT_FOUND'],
})

export const cheapStoreList = listEndpoint({
  summary: 'Stores by how cheap they are',
  description:
    'The geometric mean of a store’s shelf prices relative to the market’s, over the products that enough stores sell, with an interval. Stores with too few of these products, and stale ones, come last with the reason.',
  tag: TAG,
  shape: cheapStoreShape,
  query: { category: categoryFilters.category, ...storeFilters, include_stale: includeStale },
  sorts: ['rank'],
})
