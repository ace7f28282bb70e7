import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import { choice, dateTime, nullable } from '../../../src/http/contract/value-schemas.ts'

const byAge = (description: string) =>
  Type.Object(
    { stores: Type.Integer(), products: Type.Integer(), current_prices: Type.Integer() },
    { description },
  )

export const statsSchema = Type.Object(
  {
    chains: Type.Integer(),
    stores: Type.Integer(),
    products: Type.Integer(),
    current_prices: Type.Integer({ description: 'Prices that hold now, stale stores included.' }),
    fresh: byAge('Observed stores that are not stale, and what they sell now.'),
    stale: byAge('Stale stores, the products that only they have, and their prices.'),
    price_spans: Type.Integer({
      description: 'Spans of time with the same price, past ones included.',
    }),
    current_promotions: Type.Integer({
      description: 'Promotions that stores list now, each counted in every store.',
    }),
    rejects: Type.Integer({
      description: 'Rows of the files that could not be loaded as they stand.',
    }),
    last_observed_at: nullable(dateTime()),
    stale_before: nullable(
      Type.String({
        format: 'date-time',
        description: 'Stores last observed before this moment are stale.',
      }),
    ),
    generation: Type.Integer(),
    published_at: nullable(dateTime()),
  },
  {
    title: 'Stats',
    example: {
      chains: 38,
      stores: 1203,
      products: 152_110,
      current_prices: 6_210_334,
      fresh: { stores: 1187, products: 150_912, current_prices: 6_120_211 },
      stale: { stores: 16, products: 1198, current_prices: 90_123 },
      price_spans: 6_711_003,
      current_promotions: 1_204_870,
      rejects: 12,
      last_observed_at: '2026-08-20T03:00:00+03:00',
      stale_before: '2026-08-13T03:00:00+03:00',
      generation: 11,
      published_at: '2026-08-20T12:00:00+03:00',
    },
  },
)
export type Stats = Static<typeof statsSchema>

export const datasetSchema = Type.Object(
  {
    id: Type.Integer(),
    dataset_id: Type.String(),
    version: Type.String(),
    download_date: nullable(Type.String({ format: 'date' })),
    total_files: Type.Integer(),
    total_records: Type.Integer(),
    manifest_path: Type.String(),
    status: choice(['processing', 'completed', 'failed']),
    created_at: dateTime(),
    completed_at: nullable(dateTime()),
  },
  {
    title: 'Dataset',
    example: {
      id: 7,
      dataset_id: 'erlichsefi/israeli-supermarkets-2024',
      version: '2026-08-20',
      download_date: '2026-08-20',
      total_files: 12,
      total_records: 70_123,
      manifest_path: '2026-08-20.zip/index.json',
      status: 'completed',
      created_at: '2026-08-20T11:59:30+03:00',
      completed_at: '2026-08-20T12:00:00+03:00',
    },
  },
)
export type Dataset = Static<typeof datasetSchema>

export const datasetsQuery = {
  status: Type.Optional(choice(['processing', 'completed', 'failed'], { example: 'completed' })),
}
export type DatasetsQuery = ListInput<typeof datasetsQuery>
