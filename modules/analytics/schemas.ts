import { Type } from '@sinclair/typebox'
import { idNumber, listEndpoint, moment } from '../../src/http/endpoint.ts'
import { storeFilters } from '../catalog/index.ts'
import { priceComparisonShape } from './shapes.ts'

const TAG = 'analytics'
export const code = Type.String({ pattern: '^[0-9]{1,20}$', example: '7290000000123' })

export const productFilters = {
  product_id: Type.Optional(
    Type.Array(idNumber(1234), { maxItems: 100, description: 'Up to 100, repeated or with commas.' }),
  ),
  barcode: Type.Optional(Type.Array(code, { maxItems: 100, description: 'Up to 100, repeated or with commas.' })),
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
