import { Elysia } from 'elysia'
import type { Api } from '../../src/http/api.ts'
import { describe } from '../../src/http/docs/route-docs.ts'
import { findRun, listDatasets, listRejects, listRuns, readStats } from './runs/queries.ts'
import { datasetList, oneRun, orderRun, runList, runRejects, statsOfDataset } from './schemas.ts'
import { sourceRoutes } from './sources/source-routes.ts'
import { beginOrdered, type StartRun } from './sources/start-run.ts'

/** What is loaded from where, what has been loaded, when, and what could not be. */
export function ingestionRoutes(api: Api, startRun: StartRun) {
  const order = api.act(orderRun, async ({ sql }, { body }) => {
    const { id } = await beginOrdered(sql, startRun, body)
    return { data: { id }, location: `/v1/ingestion/runs/${id}` }
  })
  return new Elysia({ name: 'ingestion', prefix: '/v1' })
    .use(sourceRoutes(api))
    .get('/metadata/stats', api.one(statsOfDataset, readStats), {
      detail: describe(statsOfDataset),
    })
    .get('/metadata/datasets', api.list(datasetList, listDatasets), {
      detail: describe(datasetList),
    })
    .post('/ingestion/runs', order, { detail: describe(orderRun) })
    .get('/ingestion/runs', api.list(runList, listRuns), { detail: describe(runList) })
    .get('/ingestion/runs/:id', api.one(oneRun, findRun), { detail: describe(oneRun) })
    .get('/ingestion/runs/:id/rejects', api.list(runRejects, listRejects), {
      detail: describe(runRejects),
    })
}
