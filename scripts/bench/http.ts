/**
 * DATABASE_URL=… bun scripts/bench/http.ts [--seconds N] [--only a,b,…]
 *
 * Compares the API, in its own process over a loaded database, with Elysia and postgres.js alone,
 * by turns in one run on one machine:
 *
 *   a  a product from the cache against the same bytes, with and without the rate limit
 *   b  one product without the cache against the same SQL
 *   c  a list of 20, likewise
 *   d  search without the cache, four at a time
 *   e  1,000 connections
 *   f  all current prices as CSV against `\copy` of the same query
 *
 * Needs wrk (and psql for f). Exit codes: 0 all limits hold, 1 not, 2 wrong usage.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { connect } from '../../src/db/connect.ts'
import { measureExport } from './http-export.ts'
import { type Load, load } from './http-load.ts'
import { type ServerProcess, startApi, startBare } from './http-process.ts'
import { type Statement, statementsOf } from './statements.ts'

const USAGE = 'usage: DATABASE_URL=… bun scripts/bench/http.ts [--seconds N] [--only a,b,…]'
const ROUNDS = 5
const LIST = '/v1/products?per_page=20'
const SEARCHES = [
  'חלב',
  'חלב 3%',
  'קוטג',
  'לחם אחיד',
  'שוקולד פרה',
  'ביצים',
  'אורז בסמטי',
  'עגבניות',
  'קולה',
  'במבה',
]
const WITHOUT_LIMIT = { RATE_LIMIT: 'off' }
const WITHOUT_CACHE = { ...WITHOUT_LIMIT, CACHE_MB: '0' }

type Row = { name: string; value: string; limit: string; holds: boolean; note?: string }

const url = process.env.DATABASE_URL ?? ''
const { seconds, only } = readArguments()
const products = await readProductIds()
const [first = 0] = products
const paths = products.map((id) => `/v1/products/${id}`)
const rows: Row[] = []

if (/[abc]/.test(only)) await measureAgainstBare()
if (only.includes('d')) await measureSearch()
if (only.includes('e')) await measureConnections()
if (only.includes('f')) await measureExports()
console.log(table(rows))
process.exit(rows.every(({ holds }) => holds) ? 0 : 1)

function readArguments() {
  try {
    if (url === '') throw new Error('there is no DATABASE_URL')
    const { values } = parseArgs({
      options: {
        seconds: { type: 'string', default: '5' },
        only: { type: 'string', default: 'a,b,c,d,e,f' },
      },
    })
    if (!/^[1-9]\d?$/.test(values.seconds) || !/^[a-f](,[a-f])*$/.test(values.only))
      throw new Error('not understood')
    return { seconds: Number(values.seconds), only: values.only }
  } catch (error) {
    console.error(`Cannot measure: ${error instanceof Error ? error.message : error}\n\n${USAGE}`)
    process.exit(2)
  }
}

/** Some thousand products from all of the catalog, the same each time. */
async function readProductIds(): Promise<number[]> {
  const sql = connect(url, { max: 1 })
  const found = await sql<{ id: number }[]>`
    select id from catalog.products where store_count > 0 order by md5(id::text) limit 2000`
  await sql.end({ timeout: 1 })
  if (found.length === 0)
    throw new Error('Cannot measure: the database has no products; load a version first')
  return found.map(({ id }) => id)
}

async function measureAgainstBare(): Promise<void> {
  const [{ text, parameters }] = (await statementsOf(url, `/v1/products/${first}`)) as [Statement]
  const one = {
    text,
    parameters: parameters.map((value) => (value === `{"${first}"}` ? '{ID}' : value)),
  }
  const [list] = await statementsOf(url, LIST)
  const limited = await startApi({ RATE_LIMIT_ANONYMOUS: '1000000' })
  const unlimited = await startApi(WITHOUT_LIMIT)
  const uncached = await startApi(WITHOUT_CACHE)
  const body = await (await fetch(`${limited.url}/v1/products/${first}`)).text()
  const bare = await startBare({ BODY: body, ONE: JSON.stringify(one), LIST: JSON.stringify(list) })
  const same = ['/same']
  if (only.includes('a')) {
    const product = [`/v1/products/${first}`]
    await compare('a  cached, rate limit on', {
      least: 0.4,
      ours: [limited, product],
      bare: [bare, same],
    })
    await compare('a  cached, rate limit off', {
      least: 0.4,
      ours: [unlimited, product],
      bare: [bare, same],
    })
  }
  if (only.includes('b')) {
    const ones = products.map((id) => `/one/${id}`)
    await compare('b  one product, uncached', {
      least: 0.6,
      ours: [uncached, paths],
      bare: [bare, ones],
    })
  }
  if (only.includes('c')) {
    await compare('c  list of 20, uncached', {
      least: 0.6,
      ours: [uncached, [LIST]],
      bare: [bare, ['/list']],
    })
  }
  for (const server of [limited, unlimited, uncached, bare]) await server.stop()
}

type Side = [server: ServerProcess, paths: readonly string[]]

/**
 * By turns, after one to warm up; the median of the ratios, so that what else the machine did in
 * one of them does not count.
 */
async function compare(
  name: string,
  { least, ours, bare }: { least: number; ours: Side; bare: Side },
): Promise<void> {
  const ask = ([{ url }, paths]: Side, time = seconds) => load(url, paths, { seconds: time })
  const warm = [await ask(ours, 2), await ask(bare, 2)]
  const pairs: [Load, Load][] = []
  for (let round = 0; round < ROUNDS; round++) pairs.push([await ask(ours), await ask(bare)])
  const errors = [...warm, ...pairs.flat()].reduce((sum, { errors }) => sum + errors, 0)
  const ratio = median(pairs.map(([a, b]) => a.perSecond / b.perSecond))
  const rates = [0, 1].map((side) =>
    Math.round(median(pairs.map((pair) => pair[side]?.perSecond ?? 0))),
  )
  const note = `${rates.map((rate) => rate.toLocaleString('en-US')).join(' of ')} a second, ${errors} errors`
  rows.push({
    name,
    value: ratio.toFixed(2),
    limit: `≥ ${least}`,
    holds: ratio >= least && errors === 0,
    note,
  })
}

async function measureSearch(): Promise<void> {
  const server = await startApi(WITHOUT_CACHE)
  const asked = SEARCHES.map((q) => `/v1/products/search?q=${encodeURIComponent(q)}`)
  await load(server.url, asked, { connections: 4, seconds: 2 })
  const { p50Ms, p95Ms, perSecond, errors } = await load(server.url, asked, {
    connections: 4,
    seconds,
  })
  await server.stop()
  const note = `p50 ${p50Ms.toFixed(1)} ms, ${perSecond.toFixed(0)} a second, ${errors} errors`
  const holds = p95Ms < 30 && errors === 0
  rows.push({
    name: 'd  search, uncached, p95',
    value: `${p95Ms.toFixed(1)} ms`,
    limit: '< 30 ms',
    holds,
    note,
  })
}

async function measureConnections(): Promise<void> {
  const server = await startApi(WITHOUT_LIMIT)
  const mixed = paths.flatMap((path, i) =>
    i % 10 === 0 ? [path, `${LIST}&page=${(i % 97) + 1}`] : [path],
  )
  const { p99Ms, perSecond, errors } = await load(server.url, mixed, {
    connections: 1000,
    seconds: 2 * seconds,
  })
  const { most } = await server.megabytes()
  await server.stop()
  const note = `${perSecond.toFixed(0)} a second`
  rows.push({
    name: 'e  1,000 connections, errors',
    value: String(errors),
    limit: '0',
    holds: errors === 0,
    note,
  })
  rows.push({
    name: 'e  p99',
    value: `${p99Ms.toFixed(0)} ms`,
    limit: '< 1000 ms',
    holds: p99Ms < 1000,
  })
  rows.push({
    name: 'e  memory',
    value: `${most.toFixed(0)} MB`,
    limit: '< 400 MB',
    holds: most < 400,
  })
}

async function measureExports(): Promise<void> {
  const server = await startApi(WITHOUT_LIMIT)
  const { ratio, note, grownMegabytes } = await measureExport(url, server)
  await server.stop()
  rows.push({
    name: 'f  CSV of all prices',
    value: ratio.toFixed(2),
    limit: '≥ 0.5',
    holds: ratio >= 0.5,
    note,
  })
  const holds = grownMegabytes < 64
  rows.push({
    name: 'f  memory, grown',
    value: `${grownMegabytes.toFixed(0)} MB`,
    limit: '< 64 MB',
    holds,
  })
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function table(rows: readonly Row[]): string {
  const widths = (['name', 'value', 'limit'] as const).map((key) =>
    Math.max(...rows.map((row) => row[key].length)),
  )
  const lines = rows.map(({ name, value, limit, holds, note = '' }) => {
    const cells = [
      name.padEnd(widths[0] ?? 0),
      value.padStart(widths[1] ?? 0),
      limit.padEnd(widths[2] ?? 0),
    ]
    return [...cells, holds ? '      ' : 'MISSED', note].join('  ').trimEnd()
  })
  return lines.join('\n')
}
