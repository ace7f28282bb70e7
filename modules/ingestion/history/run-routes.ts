import { itemRoute, listRoute } from '../../../src/http/contract/route.ts'
import { datasetSchema, datasetsQuery, statsSchema } from './dataset-schemas.ts'
import { findRun, listDatasets, listRejects, listRuns, readStats } from './run-queries.ts'
import {
  rejectSchema,
  rejectsQuery,
  runParams,
  runSchema,
  runsQuery,
  runWithRejectsSchema,
} from './run-schemas.ts'

export const runRoutes = [
  itemRoute({
    path: '/v1/metadata/stats',
    operationId: 'getStats',
    summary: 'The published dataset in figures',
    tag: 'metadata',
    responseSchema: statsSchema,
    handler: readStats,
  }),
  listRoute({
    path: '/v1/metadata/datasets',
    operationId: 'listDatasetVersions',
    summary: 'Dataset versions as loaded',
    tag: 'metadata',
    query: datasetsQuery,
    responseSchema: datasetSchema,
    sorts: ['id', 'version', 'download_date'],
    volatile: true,
    handler: listDatasets,
  }),
  listRoute({
    path: '/v1/ingestion/runs',
    operationId: 'listRuns',
    summary: 'Ingestion runs',
    description: 'Newest first.',
    tag: 'metadata',
    query: runsQuery,
    responseSchema: runSchema,
    sorts: ['id', 'started_at'],
    volatile: true,
    handler: listRuns,
  }),
  itemRoute({
    path: '/v1/ingestion/runs/:id',
    operationId: 'getRun',
    summary: 'One ingestion run',
    tag: 'metadata',
    params: runParams,
    responseSchema: runWithRejectsSchema,
    errors: ['RUN_NOT_FOUND'],
    volatile: true,
    handler: findRun,
  }),
  listRoute({
    path: '/v1/ingestion/runs/:id/rejects',
    operationId: 'listRejects',
    summary: 'The rows that a run could not load',
    tag: 'metadata',
    params: runParams,
    query: rejectsQuery,
    responseSchema: rejectSchema,
    sorts: ['id'],
    errors: ['RUN_NOT_FOUND'],
    volatile: true,
    handler: listRejects,
  }),
]
