import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { bodyOf, startTestApi, type TestApi } from '../../testing/test-app.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

type Answer = {
  data: { id: number | string }[]
  pagination: { page: number; total: number; next_cursor: string | null }
}

async function list(path: string): Promise<Answer> {
  const response = await api.ask(path)
  if (response.status !== 200) throw new Error(`Cannot list ${path}: ${await response.text()}`)
  return bodyOf(response)
}

/** Reads all ids of a list by cursor, and checks the page numbers. */
async function walk(path: string): Promise<(number | string)[]> {
  const ids: (number | string)[] = []
  let cursor: string | null = ''
  for (let page = 1; cursor !== null; page++) {
    const answer: Answer = await list(cursor === '' ? path : `${path}&cursor=${cursor}`)
    expect(answer.pagination.page).toBe(page)
    ids.push(...answer.data.map(({ id }) => id))
    cursor = answer.pagination.next_cursor
  }
  return ids
}

describe('pages', () => {
  test('pages are returned by number', async () => {
    const { data, pagination } = await list('/v1/products?page=2&per_page=2')
    expect(data.map(({ id }) => id)).toEqual([3, 4])
    expect(pagination).toEqual({
      page: 2,
      per_page: 2,
      total: 5,
      total_pages: 3,
      has_more: true,
      next_cursor: expect.any(String),
    } as never)
  })

  test('a page past the end is empty', async () => {
    for (const page of [4, 1_000_000]) {
      const { data, pagination } = await list(`/v1/products?page=${page}&per_page=2`)
      expect(data).toEqual([])
      expect(pagination).toEqual({
        page,
        per_page: 2,
        total: 5,
        total_pages: 3,
        has_more: false,
        next_cursor: null,
      } as never)
    }
  })

  test('an empty list has zero pages', async () => {
    const { pagination } = await list('/v1/products?q=nothing')
    expect(pagination).toEqual({
      page: 1,
      per_page: 20,
      total: 0,
      total_pages: 0,
      has_more: false,
      next_cursor: null,
    } as never)
  })

  test('a full last page has no next cursor', async () => {
    expect((await list('/v1/products?per_page=5')).pagination.next_cursor).toBeNull()
    expect((await list('/v1/products?page=3&per_page=2')).pagination.next_cursor).toBeNull()
  })

  test.each([
    ['/v1/products', ['id', 'name', 'price', 'store_count', 'manufacturer', 'updated_at']],
    ['/v1/stores', ['id', 'name', 'city', 'chain_id', 'store_number', 'last_observed_at']],
    ['/v1/chains', ['id', 'name']],
    ['/v1/prices', ['product_id', 'store_id', 'valid_from', 'price']],
    ['/v1/products/1/prices', ['valid_from', 'store_id', 'price']],
    ['/v1/products/1/prices?granularity=day', ['valid_from', 'store_id', 'price']],
    ['/v1/products/1/stores', ['price', 'store_id', 'valid_from', 'stale']],
    ['/v1/stores/1/prices?from=2026-08-01', ['product_id', 'store_id', 'valid_from', 'price']],
    ['/v1/stores/1/products', ['product_id', 'price', 'valid_from']],
    ['/v1/metadata/datasets', ['id', 'version', 'download_date']],
    ['/v1/ingestion/runs', ['id', 'started_at']],
    ['/v1/ingestion/runs/1/rejects', ['id']],
  ])('%s: a cursor walks everything exactly once, in every order', async (path, sorts) => {
    const query = path.includes('?') ? `${path}&` : `${path}?`
    for (const sort of sorts) {
      for (const direction of ['asc', 'desc']) {
        for (const second of ['', `&sort=${sorts[0]}:desc`]) {
          const order = `sort=${sort}:${direction}${second}`
          const whole = (await list(`${query}${order}&per_page=100`)).data.map(({ id }) => id)
          for (const size of [1, 2])
            expect([order, await walk(`${query}${order}&per_page=${size}`)]).toEqual([order, whole])
        }
      }
    }
  })

  test('null sort keys come last in both directions', async () => {
    const idsBy = async (sort: string) =>
      (await list(`/v1/products?sort=${sort}`)).data.map(({ id }) => id)
    expect(await idsBy('price:asc')).toEqual([2, 1, 4, 3, 5])
    expect(await idsBy('price:desc')).toEqual([3, 4, 1, 2, 5])
  })

  test('a cursor of another query is refused', async () => {
    const { next_cursor } = (await list('/v1/products?per_page=1')).pagination
    for (const query of ['q=חלב', 'sort=name', 'chain_id=7290027600007', 'include_stale=true']) {
      expect((await api.ask(`/v1/products?${query}&cursor=${next_cursor}`)).status).toBe(400)
    }
    expect((await api.ask(`/v1/stores?cursor=${next_cursor}`)).status).toBe(400)
    expect((await api.ask(`/v1/products?per_page=3&cursor=${next_cursor}`)).status).toBe(200)
  })

  test('a forged cursor is refused', async () => {
    const { next_cursor } = (await list('/v1/products?per_page=1')).pagination
    const [scope]: unknown[] = JSON.parse(Buffer.from(next_cursor ?? '', 'base64url').toString())
    const forged = [
      [scope, 2, ['x']],
      [scope, 2, ['99999999999']],
      [scope, 2, []],
      [scope, 2, ['1', '2']],
      [scope, 'x', ['1']],
      [scope, 2, [1]],
      [],
      {},
      1,
      null,
    ]
    for (const content of forged) {
      const cursor = Buffer.from(JSON.stringify(content)).toString('base64url')
      const response = await api.ask(`/v1/products?cursor=${cursor}`)
      expect([content, response.status, (await bodyOf(response)).error?.code]).toEqual([
        content,
        400,
        'VALIDATION_ERROR',
      ])
    }
  })
})

describe('links', () => {
  const linksOf = async (path: string) => (await api.ask(path)).headers.get('link')

  test('Link headers name the first, previous and next pages', async () => {
    expect(await linksOf('/v1/products')).toBeNull()
    expect(await linksOf('/v1/products?per_page=2')).toMatch(
      /^<\/v1\/products\?per_page=2&cursor=[\w-]+>; rel="next"$/,
    )
    expect(await linksOf('/v1/products?page=3&per_page=2&sort=id')).toBe(
      '</v1/products?per_page=2&sort=id>; rel="first", </v1/products?per_page=2&sort=id&page=2>; rel="prev"',
    )
    const { next_cursor } = (await list('/v1/products?per_page=4')).pagination
    expect(await linksOf(`/v1/products?per_page=4&cursor=${next_cursor}`)).toBe(
      '</v1/products?per_page=4>; rel="first"',
    )
  })
})

test('a cursor skips and repeats no row after a deletion', async () => {
  const { data, pagination } = await list('/v1/products?per_page=3')
  expect(data.map(({ id }) => id)).toEqual([1, 2, 3])
  await api.sql.begin(async (tx) => {
    await tx`delete from catalog.products where id = 2`
    await tx`update core.generation set number = number + 1`
  })
  const rest = await list(`/v1/products?per_page=3&cursor=${pagination.next_cursor}`)
  expect(rest.data.map(({ id }) => id)).toEqual([4, 5])
  expect((await list('/v1/products?per_page=3&page=2')).data.map(({ id }) => id)).toEqual([5])
})

test('expensive totals are omitted, and pages beyond the first 100000 rows need a cursor', async () => {
  await api.sql`update pg_class set reltuples = 1e8, relpages = 1 where oid = 'pricing.prices'::regclass`
  const { pagination } = await list('/v1/prices?from=2026-08-01&per_page=2')
  expect(pagination).toMatchObject({ total: null, total_pages: null, has_more: true })
  expect((await api.ask('/v1/prices?from=2026-08-01')).headers.get('x-total-count')).toBeNull()
  expect((await list('/v1/prices?per_page=2')).pagination.total).toBe(6)
  expect((await list('/v1/prices?from=2026-08-01&page=1001&per_page=100')).data).toEqual([])
  const refused = await api.ask('/v1/prices?from=2026-08-01&page=1002&per_page=100')
  expect((await bodyOf(refused)).error.details).toEqual([
    { field: 'page', message: 'must be among the first 100000 rows; further on goes a cursor' },
  ])
})
