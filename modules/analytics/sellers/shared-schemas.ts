import { Type } from '@sinclair/typebox'
import { idNumber, nullable } from '../../../src/http/contract/value-schemas.ts'

export const storeIds = Type.Optional(
  Type.Array(idNumber(456), { maxItems: 100, description: 'Up to 100, repeated or with commas.' }),
)

export const includeStale = Type.Optional(
  Type.Boolean({ example: false, description: 'Count and rank the prices of stale stores too.' }),
)

/** The product fields of a response about many products. */
export const productSummarySchema = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  barcode: nullable(Type.String()),
})

/** The store fields of a response about many stores. */
export const storeSummarySchema = Type.Object({
  id: Type.Integer(),
  name: nullable(Type.String()),
  chain: nullable(Type.String()),
  chain_id: Type.String(),
  city: nullable(Type.String()),
})

export const summaryExamples = {
  product: { id: 1234, name: 'חלב 3% 1 ליטר', barcode: '7290000000123' },
  store: {
    id: 456,
    name: 'שלי ירושלים',
    chain: 'שופרסל',
    chain_id: '7290027600007',
    city: 'ירושלים',
  },
}
