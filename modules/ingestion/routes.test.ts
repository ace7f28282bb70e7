import { afterAll, beforeAll, expect, test } from 'bun:test'
import { startTestApi, type TestApi } from '../../src/testing/test-app.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

test('/v1/metadata/stats returns the totals of the published dataset', async () => {
  expect(await api.data('/v1/metadata/stats')).toEqual({
    chains: 2,
    stores: 3,
    products: 5,
    current_prices: 6,
    fresh: { stores: 2, products: 4, current_prices: 5 },
    stale: { stores: 1, products: 0, current_prices: 1 },
    price_spans: 9,
    current_promotions: 4,
    rejects: 1,
    last_observed_at: '2026-08-20T04:00:00+03:00',
    stale_before: '2026-08-13T04:00:00+03:00',
    generation: 4,
    published_at: '2026-08-20T12:00:00+03:00',
  })
})

test('/v1/metadata/datasets lists loaded dataset versions', async () => {
  const dataset = {
    id: 1,
    dataset_id: 'erlichsefi/israeli-supermarkets-2024',
    version: '2026-08-20',
    download_date: '2026-08-20',
    total_files: 12,
    total_records: 70_123,
    manifest_path: '2026-08-20.zip/index.json',
    status: 'completed',
    created_at: '2026-08-20T11:00:00+03:00',
    completed_at: '2026-08-20T12:00:00+03:00',
  }
  expect(await api.data('/v1/metadata/datasets')).toEqual([dataset])
  expect(await api.data('/v1/metadata/datasets?status=failed')).toEqual([])
})

test('runs are listed newest first, with their rejects', async () => {
  const completed = {
    id: 1,
    status: 'completed',
    trigger: 'test',
    started_at: '2026-08-20T11:00:00+03:00',
    finished_at: '2026-08-20T12:00:00+03:00',
    summary: { status: 'completed' },
    error: null,
    rejects: 1,
  }
  const failed = {
    ...completed,
    id: 2,
    status: 'failed',
    summary: null,
    error: 'Cannot read x.zip: not a zip',
    rejects: 0,
  }
  expect(await api.data('/v1/ingestion/runs')).toEqual([failed, completed])
  expect(await api.data('/v1/ingestion/runs?status=completed')).toEqual([completed])
  expect(await api.data('/v1/ingestion/runs/2')).toEqual({ ...failed, rejects_by_reason: [] })
  const reject = {
    id: 1,
    run_id: 1,
    dataset: '2026-08-20',
    file_name: 'price_file_x.csv',
    line: 7,
    reason: 'no price',
    raw: 'a,b',
  }
  expect(await api.data('/v1/ingestion/runs/1/rejects')).toEqual([reject])
  expect(await api.data('/v1/ingestion/runs/1/rejects?reason=other')).toEqual([])
  expect(
    await api.data('/v1/ingestion/runs/1/rejects?dataset=2026-08-20&reason=no%20price'),
  ).toEqual([reject])
  expect(await api.data('/v1/ingestion/runs/1/rejects?dataset=2026-08-19')).toEqual([])
  expect(await api.data('/v1/ingestion/runs/2/rejects')).toEqual([])
})

test('the rejects of a run are counted by file and kind of reason', async () => {
  const reject = (file_name: string, reason: string, line: number) => {
    const list_sha256 = Buffer.from([line])
    return {
      run_id: 2,
      dataset: '2026-08-20',
      file_name,
      line,
      reason,
      raw: '',
      list_sha256,
      list_row: line,
    }
  }
  await api.sql`insert into ingestion.rejects ${api.sql([
    reject('a.csv', 'no price', 1),
    reject('a.csv', 'a price that cannot be read: x', 2),
    reject('a.csv', 'a price that cannot be read: y: z', 3),
    reject('b.csv', 'no price', 4),
  ])}`
  expect(await api.data('/v1/ingestion/runs/2')).toMatchObject({
    rejects: 4,
    rejects_by_reason: [
      { file_name: 'a.csv', reason: 'a price that cannot be read', rows: 2 },
      { file_name: 'a.csv', reason: 'no price', rows: 1 },
      { file_name: 'b.csv', reason: 'no price', rows: 1 },
    ],
  })
  const lines = async (reason: string) => {
    const rows = (await api.data(
      `/v1/ingestion/runs/2/rejects?reason=${encodeURIComponent(reason)}`,
    )) as {
      line: number
    }[]
    return rows.map(({ line }) => line)
  }
  expect(await lines('a price that cannot be read')).toEqual([2, 3])
  expect(await lines('a price that cannot be read: x')).toEqual([2])
  expect(await lines('no price')).toEqual([1, 4])
  expect((await api.ask('/v1/ingestion/runs/9/rejects')).status).toBe(404)
})

test('the totals are zero before anything is published', async () => {
  await api.sql`update core.generation set number = 0, published_at = null, last_observed_at = null, stale_before = null, stats = '{}'`
  expect(await api.data('/v1/metadata/stats')).toMatchObject({
    chains: 0,
    current_prices: 0,
    last_observed_at: null,
    generation: 0,
  })
  expect(await api.data('/v1/stores/3?fields=stale')).toEqual({ stale: false })
})
