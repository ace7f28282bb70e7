import { Type } from '@sinclair/typebox'
import {
  choice,
  commandEndpoint,
  idNumber,
  listEndpoint,
  oneEndpoint,
  text,
} from '../../src/http/contract/endpoint.ts'
import { datasetShape, rejectShape, runShape, runWithRejectsShape, statsShape } from './shapes.ts'

const tag = 'metadata'

export const statsOfDataset = oneEndpoint({
  summary: 'The published dataset in figures',
  tag,
  shape: statsShape,
})

export const datasetList = listEndpoint({
  summary: 'Dataset versions as loaded',
  tag,
  shape: datasetShape,
  query: {
    status: Type.Optional(choice(['processing', 'completed', 'failed'], { example: 'completed' })),
  },
  sorts: ['id', 'version', 'download_date'],
  volatile: true,
})

export const runList = listEndpoint({
  summary: 'Ingestion runs',
  description: 'Newest first.',
  tag,
  shape: runShape,
  query: {
    status: Type.Optional(choice(['running', 'completed', 'failed'], { example: 'completed' })),
  },
  sorts: ['id', 'started_at'],
  volatile: true,
})

export const oneRun = oneEndpoint({
  summary: 'One ingestion run',
  tag,
  shape: runWithRejectsShape,
  params: { id: idNumber(3) },
  errors: ['RUN_NOT_FOUND'],
  volatile: true,
})

export const runRejects = listEndpoint({
  summary: 'The rows that a run could not load',
  tag,
  shape: rejectShape,
  params: { id: idNumber(3) },
  query: {
    reason: Type.Optional(
      text(
        'a price that cannot be read',
        'A whole reason, or its kind: what stands before the colon.',
      ),
    ),
    dataset: Type.Optional(text('2026-08-20', 'The dataset version.')),
    file_name: Type.Optional(text('price_full_file_shufersal.csv')),
  },
  sorts: ['id'],
  errors: ['RUN_NOT_FOUND'],
  volatile: true,
})

const orderBody = Type.Object(
  {
    dataset: Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'The name of one in /v1/datasets.',
    }),
    version: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 999_999_999,
        description: 'Of a dataset of Kaggle; the newest unless told.',
      }),
    ),
    since: Type.Optional(
      Type.String({
        pattern: '^\\d{4}-\\d{2}-\\d{2}$',
        example: '2026-08-09',
        description: 'All versions of a dataset of Kaggle since that day.',
      }),
    ),
    all: Type.Optional(
      Type.Boolean({ description: 'All versions of a dataset of Kaggle, oldest first.' }),
    ),
    force: Type.Optional(Type.Boolean({ description: 'Read again what is already loaded.' })),
  },
  { additionalProperties: false, example: { dataset: 'israeli-supermarkets-2024' } },
)

export const orderRun = commandEndpoint({
  method: 'POST',
  status: 202,
  summary: 'Start an ingestion run',
  description: 'It works in a process beside the API; its run tells how far it is.',
  tag,
  shape: Type.Object({ id: Type.Integer() }, { title: 'RunStarted', example: { id: 4 } }),
  body: orderBody,
  errors: ['DATASET_NOT_FOUND', 'DATASET_DISABLED', 'RUN_IN_PROGRESS', 'RUN_NOT_STARTED'],
  cost: 10,
})
