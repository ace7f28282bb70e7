import { Type } from '@sinclair/typebox'
import { choice, idNumber, listEndpoint, oneEndpoint, text } from '../../src/http/endpoint.ts'
import { datasetShape, rejectShape, runShape, runWithRejectsShape, statsShape } from './shapes.ts'

const tag = 'metadata'

export const statsOfDataset = oneEndpoint({ summary: 'The published dataset in figures', tag, shape: statsShape })

export const datasetList = listEndpoint({
  summary: 'Dataset versions as loaded',
  tag,
  shape: datasetShape,
  query: { status: Type.Optional(choice(['processing', 'completed', 'failed'], { example: 'completed' })) },
  sorts: ['id', 'version', 'download_date'],
  volatile: true,
})

export const runList = listEndpoint({
  summary: 'Ingestion runs',
  description: 'Newest first.',
  tag,
  shape: runShape,
  query: { status: Type.Optional(choice(['running', 'completed', 'failed'], { example: 'completed' })) },
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
      text('a price that cannot be read', 'A whole reason, or its kind: what stands before the colon.'),
    ),
    dataset: Type.Optional(text('2026-08-20', 'The dataset version.')),
    file_name: Type.Optional(text('price_full_file_shufersal.csv')),
  },
  sorts: ['id'],
  errors: ['RUN_NOT_FOUND'],
  volatile: true,
})
