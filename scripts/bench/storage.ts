/**
 * bun scripts/bench/storage.ts PATH…
 *
 * Loads dataset versions into a fresh server and compares the bytes of the price tables and their
 * indexes with those of a table of daily rows: the same columns and indexes, one row for each price
 * of each store on each observed day. Exit codes: 0 at least 5 times smaller, 1 not, 2 wrong usage.
 */
import process from 'node:process'
import { connect, type Sql } from '../../src/db/connect.ts'
import { openBenchServer } from './bench-server.ts'
import { measureIngest } from './ingest-process.ts'

const USAGE = 'usage: bun scripts/bench/storage.ts PATH…'
const TIMES_SMALLER = 5

type Size = { table: string; rows: string; heap: string; indexes: string; total: string }

/**
 * The prices in force after each store's last list of each Israel day. In the favour of the daily
 * table: it is filled in one go, in the order of its key's days, and indexed afterwards, so that
 * its indexes are as dense as can be.
 */
async function buildDailyRows(sql: Sql): Promise<void> {
  await sql`
    create table public.daily_prices (
      product_id integer not null,
      store_id integer not null,
      observed_at timestamptz not null,
      agorot integer not null,
      list_id integer not null
    )`
  await sql`
    insert into public.daily_prices (product_id, store_id, observed_at, agorot, list_id)
    select p.product_id, p.store_id, l.observed_at, p.agorot, l.id
    from (
      select distinct on (store_id, (observed_at at time zone 'Asia/Jerusalem')::date) id, store_id, observed_at
      from pricing.price_lists
      order by store_id, (observed_at at time zone 'Asia/Jerusalem')::date, observed_at desc, id desc
    ) l
    join pricing.prices p on p.store_id = l.store_id and p.valid_from <= l.observed_at
      and (p.valid_to is null or p.valid_to > l.observed_at)
    order by l.observed_at, p.store_id, p.product_id`
  await sql`alter table public.daily_prices add primary key (product_id, store_id, observed_at)`
  await sql`create index daily_prices_store on public.daily_prices (store_id, product_id)`
  await sql`vacuum analyze public.daily_prices`
}

/**
 * Every table of prices with its TOAST and indexes, as it stands after loading (nothing rewritten
 * or vacuumed by us).
 */
async function readSizes(sql: Sql): Promise<Size[]> {
  return sql<Size[]>`
    select relid::regclass::text as table, n_live_tup as rows, pg_table_size(relid) as heap,
      pg_indexes_size(relid) as indexes, pg_total_relation_size(relid) as total
    from pg_stat_user_tables
    where schemaname = 'pricing' or relid = 'public.daily_prices'::regclass
    order by 1`
}

function megabytes(bytes: number | string): string {
  return `${(Number(bytes) / 1024 / 1024).toFixed(1)} MB`
}

async function main(paths: readonly string[]): Promise<number> {
  if (paths.length === 0) {
    console.error(USAGE)
    return 2
  }
  const server = await openBenchServer()
  try {
    const url = await server.createDatabase('storage')
    const { rows, seconds } = await measureIngest(url, paths)
    console.log(
      `${server.version}, ${rows.toLocaleString('en-US')} rows loaded in ${seconds.toFixed(1)} s`,
    )
    const sql = connect(url, { max: 1 })
    await buildDailyRows(sql)
    await sql`analyze`
    const sizes = await readSizes(sql)
    await sql.end()
    for (const { table, rows: count, heap, indexes, total } of sizes) {
      const parts = `${megabytes(heap)} + indexes ${megabytes(indexes)}`
      console.log(
        `${table.padEnd(22)} ${Number(count).toLocaleString('en-US').padStart(12)} rows  ${parts} = ${megabytes(total)}`,
      )
    }
    return report(sizes)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  } finally {
    await server.close()
  }
}

function report(sizes: readonly Size[]): number {
  const bytes = (isDaily: boolean) =>
    sizes
      .filter(({ table }) => table.endsWith('daily_prices') === isDaily)
      .reduce((sum, { total }) => sum + Number(total), 0)
  const times = bytes(true) / bytes(false)
  const verdict = times >= TIMES_SMALLER ? 'pass' : 'FAIL'
  console.log(
    `${megabytes(bytes(true))} of daily rows against ${megabytes(bytes(false))}: ${times.toFixed(2)} times smaller (at least ${TIMES_SMALLER}): ${verdict}`,
  )
  return times >= TIMES_SMALLER ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
