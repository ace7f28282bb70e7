import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { bodyOf, startTestApi, type TestApi } from '../../testing/test-app.ts'

type Operation = {
  security?: unknown
  parameters?: { name: string; required: boolean; description?: string }[]
}
type Answer = {
  data: object[]
  pagination: { total: number | null; total_pages: number | null; next_cursor: string | null }
}

/** The parameters that a list needs for returning rows. Other lists need none. */
const QUERIES: Record<string, string[]> = {
  '/v1/products': ['', 'q=תנובה'],
  '/v1/products/search': ['q=עגבניות'],
  '/v1/products/{id}/prices': ['', 'granularity=day'],
  '/v1/prices': ['', 'from=2026-08-01'],
  '/v1/prices/trends': ['product_id=1&from=2026-08-09&to=2026-08-20'],
  '/v1/analytics/trends': ['from=2026-08-09&to=2026-08-20'],
  '/v1/analytics/price-changes': [
    'from=2026-08-09&to=2026-08-20&include_stale=true',
    'from=2026-08-09&to=2026-08-20&include_stale=true&per=store',
  ],
  '/v1/analytics/cheapest-stores': ['include_stale=true'],
}

/** Lists with fewer than two rows in the fixtures. */
const SHORT = [
  '/v1/promotions',
  '/v1/products/{id}/promotions',
  '/v1/analytics/deals',
  '/v1/ingestion/runs',
  '/v1/ingestion/runs/{id}/rejects',
  '/v1/metadata/datasets',
]

let api: TestApi
let admin: Record<string, string>
let lists: { path: string; url: string; sorts: string[]; isPublic: boolean }[]

beforeAll(async () => {
  api = await startTestApi({ settings: { EXPORT_ROWS_ANONYMOUS: '2' } })
  admin = await api.keyOf('admin')
  await api.keyOf('reader')
  await addRowsWithoutKeys()
  const { paths }: { paths: Record<string, Record<string, Operation>> } = await bodyOf(
    await api.ask('/docs/json'),
  )
  lists = Object.entries(paths).flatMap(([path, { get }]) => {
    const sort = get?.parameters?.find(({ name }) => name === 'sort')?.description
    if (sort === undefined) return []
    const sorts = /fields: ([\w, ]+)\./.exec(sort)?.[1]?.split(', ') ?? []
    return (QUERIES[path] ?? ['']).map((query) => ({
      path,
      url: `${path.replace('{id}', '1')}?${query}`,
      sorts,
      isPublic: get?.security === undefined,
    }))
  })
})
afterAll(() => api.close())

/** Inserts rows with null or equal sort keys. */
async function addRowsWithoutKeys(): Promise<void> {
  const { sql } = api
  const at = '2026-08-09T09:00:00Z'
  await sql`insert into catalog.chains (id, name, slugs, created_at, updated_at)
    select n, null, '{}', ${at}, ${at} from unnest(array['1', '2']) n`
  await sql`insert into catalog.stores (id, chain_id, store_number, name, created_at, updated_at)
    select 10 + n, '1', n, case when n > 1 then 'x' end, ${at}, ${at} from generate_series(1, 3) n`
  await sql`insert into catalog.products (id, code, name, names, search, is_weighted, store_count, all_store_count, chain_ids)
    select n, '72900' || n, 'x', array['x'], '', false, 0, 0, '{}' from generate_series(11, 13) n`
  await sql`insert into ingestion.sources (name, source_url, kind)
    select 'x' || n, '/x', 'directory' from generate_series(1, 3) n`
  await sql`insert into auth.audit (id, at, method, route, status, request_id, count)
    select gen_random_uuid(), ${at}, 'GET', '/v1/datasets', 401, 'r', 1 from generate_series(1, 4)`
  // a second price change
  await sql`update pricing.prices set agorot = 470
    where product_id = 2 and store_id = 1 and valid_from >= '2026-08-12'`
}

async function read(url: string): Promise<Answer> {
  const response = await api.ask(url, { headers: admin })
  if (response.status !== 200) throw new Error(`Cannot read ${url}: ${await response.text()}`)
  return bodyOf(response)
}

const textOf = ({ data }: Answer) => data.map((row) => JSON.stringify(row))

async function byCursor(url: string): Promise<string[]> {
  const rows: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await read(cursor === '' ? url : `${url}&cursor=${cursor}`)
    rows.push(...textOf(answer))
    cursor = answer.pagination.next_cursor
  }
  return rows
}

async function byPage(url: string): Promise<string[]> {
  const rows: string[] = []
  for (let page = 1, isMore = true; isMore; page++) {
    const answer = await read(`${url}&page=${page}`)
    rows.push(...textOf(answer))
    isMore = answer.pagination.next_cursor !== null
  }
  return rows
}

/** Each sort field in both directions, and each pair of sort fields in opposite directions. */
function ordersOf(sorts: readonly string[]): string[] {
  return sorts.flatMap((first) => [
    `sort=${first}:asc`,
    `sort=${first}:desc`,
    ...sorts
      .filter((second) => second !== first)
      .map((second) => `sort=${first}:asc&sort=${second}:desc`),
  ])
}

describe('every list', () => {
  test('every list has enough rows for paging tests', async () => {
    expect(lists.length).toBeGreaterThan(22)
    const counts: [string, number][] = []
    for (const { path, url } of lists) counts.push([path, (await read(url)).data.length])
    expect(counts.filter(([path, n]) => n < 2 && !SHORT.includes(path))).toEqual([])
  })

  test('cursors and page numbers return each row once in the same order, for every sort', async () => {
    for (const { url, sorts } of lists) {
      for (const order of ordersOf(sorts)) {
        const whole = textOf(await read(`${url}&${order}&per_page=100`))
        expect([url, order, new Set(whole).size]).toEqual([url, order, whole.length])
        const size = Math.max(1, Math.ceil(whole.length / 3))
        const paged = `${url}&${order}&per_page=${size}`
        expect([paged, await byCursor(paged)]).toEqual([paged, whole])
        if (!order.includes('&')) expect([paged, await byPage(paged)]).toEqual([paged, whole])
      }
    }
  }, 60_000)

  test('every list is exported whole, and in parts for a caller with a row limit', async () => {
    for (const { url, isPublic } of lists) {
      const { data, pagination } = await read(`${url}&per_page=100`)
      const lines = async (response: Response) =>
        (await response.text()).split('\n').filter((line) => line !== '')
      const whole = await lines(await api.ask(`${url}&format=ndjson`, { headers: admin }))
      expect([url, whole]).toEqual([url, data.map((row) => JSON.stringify(row))])
      expect([url, whole.length]).toEqual([url, pagination.total ?? whole.length])
      let next: string | undefined = `${url}&format=ndjson`
      const parts: string[] = []
      while (isPublic && next !== undefined) {
        const response: Response = await api.ask(next)
        const part = await lines(response)
        expect([next, part.length <= 2]).toEqual([next, true])
        parts.push(...part)
        next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
      }
      expect([url, parts]).toEqual([url, isPublic ? whole : []])
    }
  })

  test('every list refuses page together with cursor', async () => {
    const { pagination } = await read('/v1/products?per_page=1')
    const response = await api.ask(
      `/v1/products?per_page=1&page=2&cursor=${pagination.next_cursor}`,
    )
    expect([response.status, (await bodyOf(response)).error.details]).toEqual([
      400,
      [{ field: 'page', message: 'cannot be used with cursor' }],
    ])
  })
})
