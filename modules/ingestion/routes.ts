import { Elysia } from 'elysia'
import type { Api } from '../../src/http/api.ts'
import { describe } from '../../src/http/route-docs.ts'
import { findRun, listDatasets, listRejects, listRuns, readStats } from './queries.ts'
import { datasetList, oneRun, runList, runRejects, statsOfDataset } from './schemas.ts'

/** What has been loaded, when, and what could not be. */
export function ingestionRoutes(api: Api) {
  return new Elysia({ name: 'ingestion', prefix: '/v1' })
    .get('/metadata/stats', api.one(statsOfDataset, readStats), { detail: describe(statsOfDataset) })
    .get('/metadata/datasets', api.list(datasetList, listDatasets), { detail: describe(datasetList) })
    .get('/ingestion/runs', api.list(runList, listRuns), { detail: describe(runList) })
    .get('/ingestion/runs/:id', api.one(oneRun, findRun), { detail: describe(oneRun) })
    .get('/ingestion/runs/:id/rejects', api.list(runRejects, listRejects), { detail: describe(runRejects) })
}
