import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sql } from '../../../src/db/connect.ts'
import { createTestDatabase } from '../../../src/testing/test-database.ts'
import { type IngestOptions, type IngestSummary, ingest, pathSource } from '../index.ts'

export const DATASET = 'super-zol/test'

/** The files of a dataset version: text by name. */
export type Files = Record<string, string>

/** A database and a folder for one test file. */
export type Bench = {
  sql: Sql
  url: string
  folder: string
  /** Writes a version into `folder` and returns its path. */
  write(version: string, files: Files): Promise<string>
  ingest(paths: string[], options?: Partial<IngestOptions>): Promise<IngestSummary>
  /** Writes a version and loads it. */
  load(version: string, files: Files, options?: Partial<IngestOptions>): Promise<IngestSummary>
  /** Empties the database. */
  empty(): Promise<void>
  close(): Promise<void>
}

export async function openBench(): Promise<Bench> {
  const { sql, url, drop } = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'super-zol-ingest-'))
  const bench: Bench = {
    sql,
    url,
    folder,
    async write(version, files) {
      const path = join(folder, version)
      await rm(path, { recursive: true, force: true })
      await mkdir(path, { recursive: true })
      for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text)
      return path
    },
    ingest: (paths, options) =>
      ingest(url, pathSource(paths), {
        datasetId: DATASET,
        staleAfterDays: 7,
        trigger: 'test',
        ...options,
      }),
    load: async (version, files, options) =>
      bench.ingest([await bench.write(version, files)], options),
    empty: () => emptyDatabase(sql),
    async close() {
      await drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return bench
}

async function emptyDatabase(sql: Sql): Promise<void> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('catalog', 'pricing', 'ingestion') or (schemaname, tablename) = ('core', 'outbox')`
  await sql.unsafe(`truncate ${tables.map(({ name }) => name).join()} restart identity cascade`)
  await sql`update core.generation set number = 0, published_at = null, last_observed_at = null, stale_before = null,
    stats = '{}'`
}

export const KEYS = ['found_folder', 'file_name', 'chainid', 'subchainid', 'storeid', 'bikoretno']
const ITEM = ['itemcode', 'itemname', 'itemprice']

/** A row by column; a missing column is an empty cell. */
export type Row = Record<string, string>

/** A CSV of rows by column, with LF and quotes only where needed. */
export function csvOf(columns: readonly string[], rows: readonly Row[]): string {
  const quoted = (cell: string) =>
    /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
  const lines = rows.map((row) => columns.map((column) => quoted(row[column] ?? '')).join())
  return `${[columns.join(), ...lines].join('\n')}\n`
}

/** A source file: its store, moment (`YYYYMMDDHHMM`, Israel time) and rows. */
export type Source = { chain?: string; store?: string; at: string; rows: Row[] }

export const CHAIN = '7290000000017'

/** The key columns of a source file's first row. */
export function keysOf(file_name: string, { chain, store }: { chain: string; store: string }): Row {
  return {
    found_folder: 'dumps/x',
    file_name,
    chainid: chain,
    subchainid: '1',
    storeid: store,
    bikoretno: '1',
  }
}

/** The rows of source files one after another, with keys only in the first row of each. */
export function sourceRows(
  type: 'PriceFull' | 'Price' | 'Stores',
  sources: readonly Source[],
): Row[] {
  return sources.flatMap(({ chain = CHAIN, store = '1', at, rows }) =>
    rows.map((row, i) => {
      const file_name = `${type}${chain}-${store.padStart(3, '0')}-${at}`
      return i === 0 ? { ...keysOf(file_name, { chain, store }), ...row } : row
    }),
  )
}

/** An item's row. */
export function item(itemcode: string, itemprice: string, itemname = `מוצר ${itemcode}`): Row {
  return { itemcode, itemname, itemprice }
}

/** A CSV of full lists (`price_full_file_x.csv`); `extra` are columns besides those of `item`. */
export function fullLists(sources: readonly Source[], extra: readonly string[] = []): string {
  return csvOf([...KEYS, ...ITEM, ...extra], sourceRows('PriceFull', sources))
}

/** A CSV of deltas (`price_file_x.csv`). */
export function deltas(sources: readonly Source[]): string {
  return csvOf([...KEYS, ...ITEM], sourceRows('Price', sources))
}

const STORE = ['storetype', 'chainname', 'subchainname', 'storename', 'address', 'city', 'zipcode']

/** A CSV of stores (`store_file_x.csv`). */
export function storeFile(sources: readonly Source[], extra: readonly string[] = []): string {
  return csvOf([...KEYS, ...STORE, ...extra], sourceRows('Stores', sources))
}

/**
 * Every span as `chain/store product from–to shekels`, in order; the moments are UTC, to the
 * minute.
 */
export async function spansOf(sql: Sql): Promise<string[]> {
  const rows = await sql<{ span: string }[]>`
    select format('%s/%s %s %s–%s %s', s.chain_id, s.store_number, coalesce(p.chain_id || '-', '') || p.code,
      to_char(valid_from, 'MM-DD HH24:MI'), to_char(valid_to, 'MM-DD HH24:MI'), round(agorot / 100.0, 2)) as span
    from pricing.prices join catalog.stores s on s.id = store_id join catalog.products p on p.id = product_id`
  return rows.map(({ span }) => span).sort()
}

/** The current prices as `chain/store product shekels`. */
export async function currentOf(sql: Sql): Promise<string[]> {
  const spans = await spansOf(sql)
  return spans.filter((span) => /– \S+$/.test(span)).map((span) => span.replace(/ \S+ \S+– /, ' '))
}

/**
 * Everything that readers see, without ids and loading times: it must not depend on the loading
 * order.
 */
export async function marketOf(sql: Sql): Promise<Record<string, unknown>> {
  const chains = await sql`select id, name, slugs from catalog.chains order by id`
  const stores = await sql`
    select chain_id, store_number, name, sub_chain_id, sub_chain, store_type, city, city_code, address, zip,
      latitude, longitude, last_observed_at
    from catalog.stores order by chain_id, store_number`
  const products = await sql`
    select code, chain_id, name, names, manufacturer, country, unit_of_measure, trim_scale(unit_quantity) as quantity,
      is_weighted, extra, search::text, min_agorot, max_agorot, sum_agorot, store_count, all_min_agorot, all_max_agorot,
      all_sum_agorot, all_store_count, chain_ids, sale_days::text, sale_agorot
    from catalog.products order by code, chain_id`
  const spans = await sql`
    select s.chain_id, s.store_number, p.code, valid_from, valid_to, agorot, l.file_name
    from pricing.prices join catalog.stores s on s.id = store_id join catalog.products p on p.id = product_id
      join pricing.price_lists l on l.id = list_id
    order by s.chain_id, s.store_number, p.code, p.chain_id, valid_from`
  const lists = await sql`
    select chain_id, store_number, file_name, kind, observed_at, rows from pricing.price_lists
      join catalog.stores s on s.id = store_id order by 1, 2, 3, 4`
  const promotions = await sql`
    select s.chain_id, s.store_number, k.code, valid_from, valid_to, encode(t.digest, 'hex') as terms, l.file_name
    from pricing.promotions join catalog.stores s on s.id = store_id join pricing.promotion_keys k on k.id = promotion_id
      join pricing.promotion_terms t on t.id = terms_id join pricing.promotion_lists l on l.id = list_id
    order by s.chain_id, s.store_number, k.code, valid_from`
  const terms = await sql`
    select encode(digest, 'hex') as digest, unknown_codes, array(select p.code from catalog.products p
      where p.id = any(t.product_ids) order by p.code) as codes
    from pricing.promotion_terms t order by digest`
  const sales = await sql`
    select s.chain_id, s.store_number, p.code, encode(t.digest, 'hex') as terms, o.agorot, starts_on, ends_on
    from pricing.sales o join catalog.stores s on s.id = store_id join catalog.products p on p.id = product_id
      join pricing.promotion_terms t on t.id = terms_id
    order by s.chain_id, s.store_number, p.code, p.chain_id, terms`
  const reductions = await sql`
    select s.chain_id, s.store_number, p.code, encode(t.digest, 'hex') as terms, to_jsonb(r) - 'product_id' - 'store_id' - 'terms_id' as reduction
    from pricing.reductions r join catalog.stores s on s.id = store_id join catalog.products p on p.id = product_id
      left join pricing.promotion_terms t on t.id = terms_id
    order by s.chain_id, s.store_number, p.code, p.chain_id`
  const coverage = await sql`select * from pricing.coverage order by chain_id, day`
  const [published] = await sql`select stats, last_observed_at, stale_before from core.generation`
  return {
    chains: [...chains],
    stores: [...stores],
    products: [...products],
    spans: [...spans],
    lists: [...lists],
    promotions: [...promotions],
    terms: [...terms],
    sales: [...sales],
    reductions: [...reductions],
    coverage: [...coverage],
    published,
  }
}

/**
 * A digest of every table's rows with their transactions: it shows even a row rewritten unchanged.
 */
export async function snapshotOf(sql: Sql): Promise<Record<string, string>> {
  const tables = await sql<{ name: string }[]>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('core', 'catalog', 'pricing', 'ingestion') order by 1`
  const digests: Record<string, string> = {}
  for (const { name } of tables) {
    const [row] = await sql.unsafe<{ digest: string }[]>(
      `select md5(coalesce(string_agg(concat(t.xmin, t.*), ';' order by t.ctid), '')) as digest from ${name} t`,
    )
    digests[name] = row?.digest ?? ''
  }
  return digests
}
