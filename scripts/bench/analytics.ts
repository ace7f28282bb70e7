/**
 * DATABASE_URL=… bun scripts/bench/analytics.ts [--days N] [QUESTION…]
 *
 * Asks questions of a loaded database, four at a time and none of them from a cache, and tells
 * median and p95 with the limit that is set for each; then what a publish spends on what is kept
 * for them. It writes: give it a database of its own. `--days` repeats the lists of a market of one
 * day on the days after, so that it has been observed on N of them.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { computeStoreIndexes, packSpans, refreshReductions } from '../../modules/pricing/index.ts'
import { createApp } from '../../src/app.ts'
import { connect } from '../../src/db/connect.ts'
import { type Generation, readGeneration } from '../../src/db/generation.ts'
import { readEnv } from '../../src/env.ts'
import { israelDate } from '../../src/israel-time.ts'
import { type Question, questions } from './analytics-questions.ts'

const AT_A_TIME = 4
const ASKED = 80
const DAY = 86_400_000

const { values, positionals } = parseArgs({
  options: { days: { type: 'string' } },
  allowPositionals: true,
})
const { DATABASE_URL = '' } = process.env
const unknown = positionals.filter((name) => !questions.some((question) => question.name === name))
if (DATABASE_URL === '' || unknown.length > 0) {
  console.error(
    `Give DATABASE_URL, and questions among ${questions.map(({ name }) => name).join(', ')}`,
  )
  process.exit(2)
}
const sql = connect(DATABASE_URL)
if (values.days !== undefined) await repeatLists(Number(values.days))
await sql`vacuum (analyze) pricing.price_lists`

// each request names another day: no cached part of an answer serves the next one
const { lastObservedAt } = await readGeneration(sql)
let asked = 0
const now = () => (lastObservedAt?.getTime() ?? 0) + (asked % 2) * DAY
const env = readEnv({ RATE_LIMIT: 'off', CACHE_MB: '0' })
const app = createApp({ sql, log: pino({ level: 'error' }), env, now })
const [size] = await sql<{ stores: number; prices: number; days: number }[]>`
  select (stats ->> 'stores')::float8 as stores, (stats ->> 'current_prices')::float8 as prices,
    (select count(distinct (observed_at at time zone 'Asia/Jerusalem')::date)::int from pricing.price_lists) as days
  from core.generation`
console.log(
  `${size?.stores} stores, ${size?.prices} current prices, ${size?.days} days; ${AT_A_TIME} at a time, uncached`,
)
for (const question of questions)
  if (positionals.length === 0 || positionals.includes(question.name)) await measure(question)
if (positionals.length === 0) await measurePublish()
await sql.end()

async function measure({ name, limit, requests }: Question): Promise<void> {
  const made = await requests(sql)
  const took: number[] = []
  const ask = async () => {
    const request = made[asked++ % made.length]
    if (request === undefined)
      throw new Error(`Cannot measure ${name}: the database has nothing to ask for`)
    const before = performance.now()
    const response = await app.handle(new Request(`http://localhost${request.path}`, request.init))
    const text = await response.text()
    if (response.status !== 200) throw new Error(`Cannot measure ${name}: ${text}`)
    took.push(performance.now() - before)
  }
  for (let i = 0; i < AT_A_TIME; i++) await ask()
  took.length = 0
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      while (took.length < ASKED) await ask()
    }),
  )
  took.sort((a, b) => a - b)
  const at = (share: number) => took[Math.floor(share * (took.length - 1))] as number
  const verdict = at(0.95) > limit ? `MISSED (limit ${limit})` : `limit ${limit}`
  console.log(`${name}: median ${at(0.5).toFixed(1)} ms, p95 ${at(0.95).toFixed(1)} ms, ${verdict}`)
}

/** Time of a refresh after no change, a change of 0.3% of the prices, and a change of all. */
async function measurePublish(): Promise<void> {
  const generation = await readGeneration(sql)
  for (const [title, share, limit] of [
    ['an unchanged day', 0, 2000],
    ['0.3% of the prices', 0.003, 10_000],
    ['a first load', 1, Number.POSITIVE_INFINITY],
  ] as const) {
    const took = await timeRefresh(share, generation)
    const verdict =
      took > limit
        ? `MISSED (limit ${limit})`
        : limit === Number.POSITIVE_INFINITY
          ? ''
          : `limit ${limit}`
    console.log(`publish, ${title}: ${took.toFixed(0)} ms ${verdict}`)
  }
}

async function timeRefresh(
  share: number,
  { staleBefore, lastObservedAt }: Generation,
): Promise<number> {
  const today = lastObservedAt?.getTime() ?? 0
  let took = 0
  const undo = new Error('undone')
  const work = sql.begin(async (tx) => {
    await tx`create temp table changed_products (product_id integer primary key) on commit drop`
    await tx`insert into changed_products select distinct product_id from pricing.prices
      where valid_to is null and ('x' || substr(md5(product_id || '-' || store_id), 1, 6))::bit(24)::int < ${share}::float8 * 16777216`
    await tx`analyze changed_products`
    const before = performance.now()
    await packSpans(tx)
    if (share > 0) await computeStoreIndexes(tx, staleBefore)
    const days = { today: israelDate(today), before: israelDate(today - DAY), staleBefore }
    await refreshReductions(tx, ['changed_products'], days)
    took = performance.now() - before
    throw undo
  })
  await work.catch((error: unknown) => {
    if (error !== undo) throw error
  })
  return took
}

/** Repeats the newest full lists on the following days, as unchanged days would. */
async function repeatLists(days: number): Promise<void> {
  await sql`insert into pricing.price_lists (store_id, observed_at, kind, file_name, sha256, content, rows)
    select store_id, at, 'full', file_name || '-' || n, sha256(sha256 || int4send(n)), content, rows
    from (select l.*, observed_at + n * interval '1 day' as at, n
      from (select distinct on (store_id) * from pricing.price_lists where kind = 'full' order by store_id, observed_at desc) l
        cross join generate_series(1, ${days - 1}::int) n) repeated
    on conflict (sha256) do nothing`
  await sql`update catalog.stores s set last_observed_at = l.at
    from (select store_id, max(observed_at) as at from pricing.price_lists group by 1) l where l.store_id = s.id`
  await sql`update core.generation set number = number + 1,
    last_observed_at = (select max(last_observed_at) from catalog.stores)`
}
