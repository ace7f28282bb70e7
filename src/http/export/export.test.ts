import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { gunzipSync } from 'node:zlib'
import { pino } from 'pino'
import { bodyOf, startTestApi, type TestApi } from '../../testing/test-app.ts'
import { streamOf } from './export.ts'

/** Enough rows for many batches. */
const PRODUCTS = 14_000
const CSV = { headers: { accept: 'text/csv' } }
const SETTINGS = {
  EXPORTS_AT_ONCE: '1',
  DATABASE_WAIT_SECONDS: '1',
  EXPORT_ROWS_ANONYMOUS: '40000',
}
const IDS = '/v1/products?fields=id'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi({ settings: SETTINGS })
  await api.sql`insert into catalog.products (id, code, name, names, search, is_weighted, store_count, all_store_count, chain_ids)
    select n, '72900' || n, 'x' || n, array['x' || n], '', false, 0, 0, '{}' from generate_series(6, ${PRODUCTS}::int) n`
})
afterAll(() => api.close())
afterEach(() => until(async () => (await openTransactions()) === 0))

const idsOf = (csv: string) => csv.trimEnd().split('\r\n').slice(1).map(Number)
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)

async function openTransactions(): Promise<number> {
  const [row] = await api.sql`select count(*)::int as n from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`
  return row?.n
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await holds()) return
    await Bun.sleep(20)
  }
  throw new Error('It never came to hold')
}

/** Starts an export and reads its first rows. */
async function begin(path = IDS) {
  const response = await api.ask(path, CSV)
  if (response.status !== 200 || response.body === null) throw new Error(await response.text())
  const reader = response.body.getReader()
  const chunks = [(await reader.read()).value ?? new Uint8Array()]
  const rest = async () => {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return Buffer.concat(chunks).toString()
      chunks.push(value)
    }
  }
  return { reader, rest }
}

describe('a whole list', () => {
  test('the whole list is sent in any order when no page is requested', async () => {
    const whole = await (await api.ask(IDS, CSV)).text()
    expect(idsOf(whole)).toEqual(upTo(PRODUCTS))
    const down = await api.ask(`${IDS}&sort=id:desc`, {
      headers: { accept: 'application/x-ndjson' },
    })
    const lines = (await down.text()).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(upTo(PRODUCTS).reverse())
    expect(idsOf(await (await api.ask(`${IDS}&per_page=3`, CSV)).text())).toEqual([1, 2, 3])
  })

  test('an export is one snapshot, also when a generation is published meanwhile', async () => {
    const { rest } = await begin()
    await api.sql.begin(async (tx) => {
      await tx`insert into catalog.products (id, code, name, names, search, is_weighted, store_count, all_store_count, chain_ids)
        values (99999, '99999', 'x', '{x}', '', false, 0, 0, '{}')`
      await tx`update core.generation set number = number + 1`
      await tx`select pg_notify('generation', '5')`
    })
    expect(idsOf(await rest())).toEqual(upTo(PRODUCTS))
    await api.sql`delete from catalog.products where id = 99999`
  })

  test('an export is compressed, and its ETag gives 304', async () => {
    const response = await api.ask(IDS, {
      headers: { ...CSV.headers, 'accept-encoding': 'gzip, br' },
    })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(idsOf(gunzipSync(await response.arrayBuffer()).toString())).toEqual(upTo(PRODUCTS))
    const conditional = {
      headers: { ...CSV.headers, 'if-none-match': response.headers.get('etag') ?? '' },
    }
    expect((await api.ask(IDS, conditional)).status).toBe(304)
  })

  test('an export of an unknown store returns 404 before it starts', async () => {
    const refused = await api.ask('/v1/stores/99/prices', CSV)
    expect([refused.status, (await bodyOf(refused)).error.code]).toEqual([404, 'STORE_NOT_FOUND'])
  })

  test('HEAD for an export reads no rows', async () => {
    const head = await api.ask(IDS, { ...CSV, method: 'HEAD' })
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
      '',
    ])
    expect(await openTransactions()).toBe(0)
  })
})

test('callers without a key get limited rows and a link to the next ones', async () => {
  const limited = await startTestApi({ settings: { EXPORT_ROWS_ANONYMOUS: '2' } })
  const ids: number[][] = []
  let next: string | undefined = '/v1/products?fields=id&sort=name:desc'
  while (next !== undefined) {
    const response: Response = await limited.ask(next, CSV)
    expect(response.headers.get('x-row-limit')).toBe('2')
    ids.push(idsOf(await response.text()))
    next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
  }
  const all = await limited.data('/v1/products?fields=id&sort=name:desc')
  expect(ids.map(({ length }) => length)).toEqual([2, 2, 1])
  expect(ids.flat()).toEqual((all as { id: number }[]).map(({ id }) => id))
  await limited.close()
})

describe('an export', () => {
  test('an export ends its transaction when the caller disconnects', async () => {
    const { reader } = await begin()
    await until(async () => (await openTransactions()) === 1)
    await reader.cancel()
  })

  test('an export waits for a slot and returns 503 when none becomes free', async () => {
    const { reader } = await begin()
    const refused = await api.ask(IDS, CSV)
    expect([refused.status, (await bodyOf(refused)).error.code]).toEqual([503, 'OVERLOADED'])
    expect((await api.ask('/v1/products')).status).toBe(200)
    await reader.cancel()
    expect((await (await begin()).rest()).length).toBeGreaterThan(PRODUCTS)
  })

  test('an export that fails midway ends with a stream error', async () => {
    const { rest } = await begin()
    await until(async () => (await openTransactions()) === 1)
    await api.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`
    await expect(rest()).rejects.toThrow()
    expect(idsOf(await (await begin()).rest())).toHaveLength(PRODUCTS)
  })

  test('an export that is not read to its end is cancelled after the timeout', async () => {
    const options = { timeoutMs: 200, log: pino({ level: 'silent' }) }
    let isOver = false
    const endless = (async function* () {
      for (;;) yield 'rows'
    })()
    const reader = streamOf(endless, { ...options, onEnd: () => (isOver = true) }).getReader()
    expect((await reader.read()).value).toBe('rows')
    await until(async () => isOver)
    await expect(reader.read()).rejects.toThrow('longer than 200 ms')
  })

  test('an export that is cut says so in its last line when the format allows it', async () => {
    const endless = (async function* () {
      for (;;) yield 'rows'
    })()
    const reader = streamOf(endless, {
      ...{ timeoutMs: 200, log: pino({ level: 'silent' }), onEnd: () => {} },
      cutChunk: (reason) => `cut: ${reason}`,
    }).getReader()
    await Bun.sleep(300)
    const chunks: string[] = []
    for (let read = await reader.read(); !read.done; read = await reader.read())
      chunks.push(read.value)
    expect(chunks.at(-1)).toBe('cut: it took longer than 200 ms')
  })
})
