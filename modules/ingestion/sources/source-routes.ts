import { commandRoute, itemRoute, listRoute } from '../../../src/http/contract/route.ts'
import { idNumber } from '../../../src/http/contract/value-schemas.ts'
import { partialBody, sourceSchema, sourcesQuery, wholeBody } from './source-schemas.ts'
import { changeSource, createSource, findSource, listSources, removeSource } from './sources.ts'

const tag = 'metadata'
const params = { id: idNumber(1) }

/** Routes for the registered datasets that ingestion loads from. */
export const sourceRoutes = [
  listRoute({
    path: '/v1/datasets',
    operationId: 'listDatasets',
    summary: 'Datasets to load from',
    tag,
    query: sourcesQuery,
    responseSchema: sourceSchema,
    sorts: ['id', 'name', 'created_at', 'updated_at'],
    volatile: true,
    handler: listSources,
  }),
  itemRoute({
    path: '/v1/datasets/:id',
    operationId: 'getDataset',
    summary: 'One dataset to load from',
    tag,
    params,
    responseSchema: sourceSchema,
    errors: ['DATASET_NOT_FOUND'],
    volatile: true,
    handler: findSource,
  }),
  commandRoute({
    method: 'POST',
    path: '/v1/datasets',
    operationId: 'createDataset',
    status: 201,
    summary: 'Register a dataset to load from',
    tag,
    body: wholeBody,
    responseSchema: sourceSchema,
    errors: ['DATASET_EXISTS'],
    handler: async ({ sql }, { body }) => {
      const data = await createSource(sql, body)
      return { data, location: `/v1/datasets/${data.id}` }
    },
  }),
  commandRoute({
    method: 'PUT',
    path: '/v1/datasets/:id',
    operationId: 'replaceDataset',
    status: 200,
    summary: 'Replace a dataset’s description',
    tag,
    params,
    body: wholeBody,
    responseSchema: sourceSchema,
    errors: ['DATASET_NOT_FOUND', 'DATASET_EXISTS'],
    handler: async ({ sql }, { id, body }) => ({
      data: await changeSource(sql, id, { description: null, enabled: true, ...body }),
    }),
  }),
  commandRoute({
    method: 'PATCH',
    path: '/v1/datasets/:id',
    operationId: 'updateDataset',
    status: 200,
    summary: 'Change some fields of a dataset',
    tag,
    params,
    body: partialBody,
    responseSchema: sourceSchema,
    errors: ['DATASET_NOT_FOUND', 'DATASET_EXISTS'],
    handler: async ({ sql }, { id, body }) => ({ data: await changeSource(sql, id, body) }),
  }),
  commandRoute({
    method: 'DELETE',
    path: '/v1/datasets/:id',
    operationId: 'deleteDataset',
    status: 204,
    summary: 'Forget a dataset',
    description: 'What was loaded from it stays.',
    tag,
    params,
    errors: ['DATASET_NOT_FOUND'],
    handler: async ({ sql }, { id }) => {
      await removeSource(sql, id)
      return {}
    },
  }),
]
