import { type Static, Type } from '@sinclair/typebox'
import { choice, nullable } from '../../src/http/contract/endpoint.ts'

const moment = Type.String({ format: 'date-time' })

export const statsShape = Type.Object(
  {
    chains: Type.Integer(),
    stores: Type.Integer(),
    products: Type.Integer(),
    current_prices: Type.Integer({ description: 'Prices that hold now, stale stores included.' }),
    price_spans: Type.Integer({
      description: 'Spans of time with the same price, past ones included.',
    }),
    current_promotions: Type.Integer({
      description: 'Promotions that stores list now, each counted in every store.',
    }),
    rejects: Type.Integer({
      description: 'Rows of the files that could not be loaded as they stand.',
    }),
    last_observed_at: nullable(moment),
    stale_before: nullable(
      Type.String({
        format: 'date-time',
        description: 'Stores last observed before this moment are stale.',
      }),
    ),
    generation: Type.Integer(),
    published_at: nullable(moment),
  },
  {
    title: 'Stats',
    example: {
      chains: 38,
      stores: 1203,
      products: 152_110,
      current_prices: 6_210_334,
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
export type Stats = Static<typeof statsShape>

export const datasetShape = Type.Object(
  {
    id: Type.Integer(),
    dataset_id: Type.String(),
    version: Type.String(),
    download_date: nullable(Type.String({ format: 'date' })),
    total_files: Type.Integer(),
    total_records: Type.Integer(),
    manifest_path: Type.String(),
    status: choice(['processing', 'completed', 'failed']),
    created_at: moment,
    completed_at: nullable(moment),
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
export type Dataset = Static<typeof datasetShape>

export const runShape = Type.Object(
  {
    id: Type.Integer(),
    status: choice(['running', 'completed', 'failed']),
    trigger: Type.String({ description: 'What started it.' }),
    started_at: moment,
    finished_at: nullable(moment),
    summary: nullable(
      Type.Object(
        {},
        { additionalProperties: true, description: 'What `npm run ingest -- --json` prints.' },
      ),
    ),
    error: nullable(Type.String()),
    rejects: Type.Integer(),
  },
  {
    title: 'Run',
    example: {
      id: 3,
      status: 'completed',
      trigger: 'cli',
      started_at: '2026-08-20T11:59:30+03:00',
      finished_at: '2026-08-20T12:00:00+03:00',
      summary: { status: 'completed', versions: [] },
      error: null,
      rejects: 12,
    },
  },
)
export type Run = Static<typeof runShape>

export const runWithRejectsShape = Type.Object(
  {
    ...runShape.properties,
    rejects_by_reason: Type.Array(
      Type.Object({ file_name: Type.String(), reason: Type.String(), rows: Type.Integer() }),
      {
        description:
          'How many rows of each file were rejected for what kind of reason, most first.',
      },
    ),
  },
  {
    title: 'RunWithRejects',
    example: {
      ...runShape.example,
      rejects_by_reason: [
        {
          file_name: 'price_full_file_shufersal.csv',
          reason: 'a price that cannot be read',
          rows: 12,
        },
      ],
    },
  },
)
export type RunWithRejects = Static<typeof runWithRejectsShape>

export const rejectShape = Type.Object(
  {
    id: Type.Integer(),
    run_id: Type.Integer(),
    dataset: Type.String(),
    file_name: Type.String(),
    line: Type.Integer(),
    reason: Type.String(),
    raw: Type.String({ description: 'The row as it stands in the file.' }),
  },
  {
    title: 'Reject',
    example: {
      id: 91,
      run_id: 3,
      dataset: '2026-08-20',
      file_name: 'price_full_file_shufersal.csv',
      line: 1204,
      reason: 'a price that cannot be read: 5.9.0',
      raw: ',,,,,,7290000000123,…',
    },
  },
)
export type Reject = Static<typeof rejectShape>
