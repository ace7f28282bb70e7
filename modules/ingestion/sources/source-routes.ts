import { Elysia } from 'elysia'
import type { Api } from '../../../src/http/api.ts'
import { describe } from '../../../src/http/docs/route-docs.ts'
import * as endpoints from './source-schemas.ts'
import { changeSource, createSource, findSource, listSources, removeSource } from './sources.ts'

const { sourceList, oneSource } = endpoints

/** The datasets that ingestion loads from. */
export function sourceRoutes(api: Api) {
  const create = api.act(endpoints.createSource, async ({ sql }, { body }) => {
    const data = await createSource(sql, body)
    return { data, location: `/v1/datasets/${data.id}` }
  })
  const replace = api.act(endpoints.replaceSource, async ({ sql }, { id, body }) => ({
    data: await changeSource(sql, id, { description: null, enabled: true, ...body }),
  }))
  const change = api.act(endpoints.changeSource, async ({ sql }, { id, body }) => ({
    data: await changeSource(sql, id, body),
  }))
  const remove = api.act(endpoints.removeSource, async ({ sql }, { id }) => {
    await removeSource(sql, id)
    return {}
  })
  return new Elysia({ name: 'sources' })
    .get('/datasets', api.list(sourceList, listSources), { detail: describe(sourceList) })
    .post('/datasets', create, { detail: describe(endpoints.createSource) })
    .get('/datasets/:id', api.one(oneSource, findSource), { detail: describe(oneSource) })
    .put('/datasets/:id', replace, { detail: describe(endpoints.replaceSource) })
    .patch('/datasets/:id', change, { detail: describe(endpoints.changeSource) })
    .delete('/datasets/:id', remove, { detail: describe(endpoints.removeSource) })
}
