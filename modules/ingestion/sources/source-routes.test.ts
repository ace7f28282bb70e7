import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { bodyOf, startTestApi, type TestApi } from '../../../src/testing/test-app.ts'
import { readSourceUrl } from './source-url.ts'
import { changeSource, createSource, findSource, removeSource } from './sources.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const MINE = { name: 'mine', source_url: '/data/versions', kind: 'directory' } as const

describe('the place in a source URL', () => {
  const cases: ['kaggle' | 'directory' | 'zip', string, string | undefined][] = [
    [
      'kaggle',
      'https://www.kaggle.com/datasets/erlichsefi/israeli-supermarkets-2024',
      'erlichsefi/israeli-supermarkets-2024',
    ],
    ['kaggle', 'owner/name/', 'owner/name'],
    ['kaggle', 'kaggle.com/owner/name', 'owner/name'],
    ['kaggle', 'www.kaggle.com/datasets/owner/name/data', 'owner/name'],
    ['kaggle', 'https://www.kaggle.com/datasets/owner/name/versions/12', 'owner/name'],
    ['kaggle', 'https://www.kaggle.com/datasets/owner/name?select=a.csv', 'owner/name'],
    ['kaggle', ' https://www.kaggle.com/datasets/owner/name/data#files ', 'owner/name'],
    ['kaggle', 'http://kaggle.com/datasets/owner/name/discussion/7', 'owner/name'],
    ['kaggle', 'https://www.kaggle.com/code/owner/name', undefined],
    ['kaggle', 'https://www.kaggle.com/owner', undefined],
    ['kaggle', 'owner/name/data', undefined],
    ['kaggle', 'https://evil.example/datasets/owner/name', undefined],
    ['kaggle', '../../etc/passwd', undefined],
    ['directory', '/data/versions', '/data/versions'],
    ['directory', 'file:///data/two%20words', '/data/two words'],
    ['directory', 'versions', undefined],
    ['directory', 'file://elsewhere/data', undefined],
    ['zip', '/data/2026-08-20.zip', '/data/2026-08-20.zip'],
    ['zip', '/data/2026-08-20.tar', undefined],
    ['zip', 'https://example.com/a.zip', undefined],
  ]
  for (const [kind, url, place] of cases)
    test(`${kind} ${url}`, () => expect(readSourceUrl(kind, url)).toBe(place))
})

test('the public dataset is registered initially, and changes need a key', async () => {
  expect(await api.data('/v1/datasets')).toMatchObject([
    { id: 1, name: 'israeli-supermarkets-2024', enabled: true },
  ])
  const answer = await api.ask('/v1/datasets/1', { method: 'DELETE' })
  expect([answer.status, (await bodyOf(answer)).error.code]).toEqual([401, 'UNAUTHORIZED'])
  expect((await api.ask('/v1/datasets', { method: 'POST' })).status).toBe(401)
  expect((await api.ask('/v1/ingestion/runs', { method: 'POST' })).status).toBe(401)
  expect(await api.data('/v1/datasets?fields=id&enabled=false')).toEqual([])
})

test('a dataset can be registered, partly changed and deleted', async () => {
  const made = await createSource(api.sql, MINE)
  expect(made).toMatchObject({ ...MINE, description: null, enabled: true })
  expect(await api.data(`/v1/datasets/${made.id}`)).toEqual(made)
  const changed = await changeSource(api.sql, made.id, { enabled: false, description: 'Ours' })
  expect(changed).toMatchObject({
    ...MINE,
    description: 'Ours',
    enabled: false,
    created_at: made.created_at,
  })
  await removeSource(api.sql, made.id)
  const db = { db: api.sql }
  await expect(findSource(db, made)).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })
  await expect(removeSource(api.sql, made.id)).rejects.toMatchObject({ code: 'DATASET_NOT_FOUND' })
  await expect(changeSource(api.sql, made.id, MINE)).rejects.toMatchObject({
    code: 'DATASET_NOT_FOUND',
  })
})

test('a duplicate name and a URL of the wrong kind are errors', async () => {
  const { id } = await createSource(api.sql, { ...MINE, name: 'other' })
  const duplicateName = {
    code: 'DATASET_EXISTS',
    status: 409,
    message: 'There is a dataset other already',
  }
  await expect(createSource(api.sql, { ...MINE, name: 'other' })).rejects.toMatchObject(
    duplicateName,
  )
  await expect(changeSource(api.sql, 1, { name: 'other' })).rejects.toMatchObject(duplicateName)
  await expect(changeSource(api.sql, id, { kind: 'kaggle' })).rejects.toMatchObject({
    code: 'VALIDATION_ERROR',
    details: [
      { field: 'source_url', message: expect.stringContaining('a dataset of Kaggle, such as') },
    ],
  })
  expect(await findSource({ db: api.sql }, { id })).toMatchObject({ kind: 'directory' })
})
