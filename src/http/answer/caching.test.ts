import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { pino } from 'pino'
import { createApp } from '../../app.ts'
import { connect } from '../../db/connect.ts'
import { readEnv } from '../../env.ts'
import { type Gate, gateTo } from '../../testing/connection-gate.ts'
import { insertFixtures } from '../../testing/fixtures.ts'
import { bodyOf, NOW } from '../../testing/test-app.ts'
import { createTestDatabase, type TestDatabase } from '../../testing/test-database.ts'

let database: TestDatabase
let gate: Gate
let clock = NOW
let ask: (path: string, headers?: Record<string, string>) => Promise<Response>
let end: () => Promise<void>

beforeAll(async () => {
  database = await createTestDatabase()
  await insertFixtures(database.sql)
  gate = await gateTo(database.url)
  const sql = connect(gate.url)
  const app = createApp({
    sql,
    log: pino({ level: 'silent' }),
    env: readEnv({ RATE_LIMIT: 'off' }),
    now: () => clock,
  })
  ask = async (path, headers = {}) =>
    app.handle(new Request(`http://localhost${path}`, { headers }))
  end = () => sql.end({ timeout: 1 })
})
afterAll(async () => {
  await end()
  gate.cut()
  await database.drop()
})

async function tagOf(path: string): Promise<string> {
  return (await ask(path)).headers.get('etag') ?? ''
}

/** Increments the generation as a publish does, and waits until the app knows it. */
async function publish(): Promise<void> {
  const old = await tagOf('/v1/metadata/stats')
  await database.sql.begin(async (tx) => {
    const [row] =
      await tx`update core.generation set number = number + 1, published_at = now() returning number`
    await tx`select pg_notify('generation', ${String(row?.number)})`
  })
  await until(
    async () => (await ask('/v1/metadata/stats', { 'if-none-match': old })).status === 200,
  )
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('Cannot wait any longer')
}

describe('conditional requests', () => {
  test('an unchanged dataset answers 304 with the same headers and no body', async () => {
    const first = await ask('/v1/products')
    const tag = first.headers.get('etag') ?? ''
    expect(tag).toMatch(/^W\/"4-\w+-2026-08-20-json-\w+"$/)
    expect(first.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
    expect(first.headers.get('vary')).toBe('accept, accept-encoding')
    for (const etag of [tag, tag.slice(2), `"x", ${tag}`]) {
      const again = await ask('/v1/products', { 'if-none-match': etag })
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag])
      expect(again.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    }
    expect((await ask('/v1/products', { 'if-none-match': '"x"' })).status).toBe(200)
  })

  test.each([
    '/v1/products/999999',
    '/v1/stores/999999',
    '/v1/chains/1',
    '/v1/stores/999999/prices',
  ])('the ETag of another URL does not turn the 404 of %s into a 304', async (path) => {
    for (const etag of [await tagOf('/v1/products'), '*'])
      expect((await ask(path, { 'if-none-match': etag })).status).toBe(404)
  })

  test('If-None-Match: * gives 304 for existing resources in every format', async () => {
    for (const path of ['/v1/chains', '/v1/chains/7290027600007', '/v1/chains?format=csv']) {
      const response = await ask(path, { 'if-none-match': '*' })
      expect([path, response.status, await response.text()]).toEqual([path, 304, ''])
    }
    expect((await ask('/v1/products?per_page=0', { 'if-none-match': '*' })).status).toBe(400)
  })

  test('each format has its own ETag', async () => {
    const tag = await tagOf('/v1/products')
    expect((await ask('/v1/products', { 'if-none-match': tag, accept: 'text/csv' })).status).toBe(
      200,
    )
  })

  test('an invalid request gets 400 even with a current ETag', async () => {
    const tag = await tagOf('/v1/products')
    expect((await ask('/v1/products?page=0', { 'if-none-match': tag })).status).toBe(400)
  })

  test('a new generation and a new day in Israel change the ETag', async () => {
    const tag = await tagOf('/v1/products')
    await publish()
    const next = await tagOf('/v1/products')
    expect(next).not.toBe(tag)
    clock = Date.parse('2026-08-21T00:00:01+03:00')
    expect((await ask('/v1/products', { 'if-none-match': next })).status).toBe(200)
    clock = NOW
    expect((await ask('/v1/products', { 'if-none-match': next })).status).toBe(304)
  })

  test('resources that change without a new generation are not cached', async () => {
    for (const path of [
      '/v1/metadata/datasets',
      '/v1/ingestion/runs',
      '/v1/ingestion/runs/1',
      '/v1/ingestion/runs/1/rejects',
    ]) {
      const { headers } = await ask(path)
      expect([path, headers.get('etag'), headers.get('cache-control')]).toEqual([
        path,
        null,
        'no-store',
      ])
    }
  })

  test('a cached answer keeps its timestamp until the generation or the day changes', async () => {
    const at = async () => (await bodyOf(await ask('/v1/products/1'))).meta.timestamp
    const made = await at()
    clock = NOW + 60_000
    expect(await at()).toBe(made)
    await database.sql`update catalog.products set name = 'new' where id = 1`
    await publish()
    const { data, meta } = await bodyOf(await ask('/v1/products/1'))
    expect([data.product_name, meta.timestamp === made]).toEqual(['new', false])
    clock = Date.parse('2026-08-21T00:00:01+03:00')
    expect((await at()).slice(0, 10)).toBe('2026-08-21')
    clock = NOW
  })

  test('an answer read before a publish is not served for the new generation', async () => {
    const before = await bodyOf(await ask('/v1/metadata/stats'))
    const slow = database.sql.begin(async (tx) => {
      await tx`lock table catalog.chains in access exclusive mode`
      const requests = [ask('/v1/chains?sort=name:desc'), ask('/v1/chains?sort=name:desc')]
      await Bun.sleep(50)
      await tx`update catalog.chains set name = 'newer' where id = '7290058140886'`
      await tx`update core.generation set number = number + 1, published_at = now()`
      return { requests }
    })
    const { requests } = await slow
    const answers = [...(await Promise.all(requests)), await ask('/v1/chains?sort=name:desc')]
    for (const answer of answers) {
      const { data, meta } = await bodyOf(answer)
      expect(meta.generation).toBe(before.meta.generation + 1)
      expect(data.map(({ name }: { name: string }) => name)).toContain('newer')
    }
  })

  test('the total of a list is counted once per generation', async () => {
    const total = async () => (await bodyOf(await ask('/v1/stores'))).pagination.total
    expect(await total()).toBe(3)
    await database.sql`insert into catalog.stores (id, chain_id, store_number) values (9, '7290027600007', 9)`
    expect(await total()).toBe(3)
    await publish()
    expect(await total()).toBe(4)
  })

  test('304 and cached answers need no database, and a generation missed during an outage is seen later', async () => {
    const tag = await tagOf('/v1/products')
    gate.cut()
    expect((await ask('/v1/products', { 'if-none-match': tag })).status).toBe(304)
    expect((await ask('/v1/products')).status).toBe(200)
    const refused = await ask('/v1/products?page=2')
    expect([refused.status, (await bodyOf(refused)).error.code]).toEqual([
      503,
      'DATABASE_UNAVAILABLE',
    ])
    await database.sql`update core.generation set number = number + 1, published_at = now()`
    await gate.open()
    await until(async () => (await ask('/v1/products', { 'if-none-match': tag })).status === 200)
    expect(await tagOf('/v1/products')).not.toBe(tag)
  }, 15_000)
})

test('the generation in an answer is the generation of its data', async () => {
  const before = (await bodyOf(await ask('/v1/metadata/stats'))).meta.generation
  const chains = async (i: number) =>
    bodyOf(await ask(`/v1/chains?fields=id,name&per_page=${i + 2}`))
  const answers = Array.from({ length: 20 }, (_, i) => chains(i))
  await database.sql.begin(async (tx) => {
    await tx`update catalog.chains set name = 'new name' where id = '7290027600007'`
    await tx`update core.generation set number = number + 1, published_at = now()`
  })
  answers.push(...Array.from({ length: 5 }, (_, i) => chains(i + 20)))
  for (const { data, meta } of await Promise.all(answers)) {
    expect([data[0].name, meta.generation]).toEqual(
      meta.generation === before ? ['שופרסל', before] : ['new name', before + 1],
    )
  }
})
