import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import {
  choice,
  dateTime,
  idNumber,
  nullable,
  text,
} from '../../../src/http/contract/value-schemas.ts'

export const runParams = { id: idNumber(3) }

export const runsQuery = {
  status: Type.Optional(choice(['running', 'completed', 'failed'], { example: 'completed' })),
}
export type RunsQuery = ListInput<typeof runsQuery>

export const rejectsQuery = {
  reason: Type.Optional(
    text(
      'a price that cannot be read',
      'A whole reason, or its kind: what stands before the colon.',
    ),
  ),
  dataset: Type.Optional(text('2026-08-20', 'The dataset version.')),
  file_name: Type.Optional(text('price_full_file_shufersal.csv')),
}
export type RejectsQuery = ListInput<typeof rejectsQuery, typeof runParams>

export const runSchema = Type.Object(
  {
    id: Type.Integer(),
    status: choice(['running', 'completed', 'failed']),
    trigger: Type.String({ description: 'What started it.' }),
    started_at: dateTime(),
    finished_at: nullable(dateTime()),
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
export type Run = Static<typeof runSchema>

export const runWithRejectsSchema = Type.Object(
  {
    ...runSchema.properties,
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
      ...runSchema.example,
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
export type RunWithRejects = Static<typeof runWithRejectsSchema>

export const rejectSchema = Type.Object(
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
export type Reject = Static<typeof rejectSchema>
