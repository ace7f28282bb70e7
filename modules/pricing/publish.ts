import { copyIn, copyOut } from '../../src/db/binary-copy.ts'
import type { Tx } from '../../src/db/connect.ts'
import { type SpanChangesTotal, type SpanWriter, spanWriter } from './span-writer.ts'
import {
  compareLists,
  compareSpans,
  emptySpans,
  type PlacedList,
  type PriceList,
  placeList,
  reserve,
  type Spans,
} from './spans.ts'

/** A price list to publish, as `ingestion` staged it: products in rising order, 0 agorot = not for sale. */
export type NewList = Omit<PriceList, 'id' | 'digest'> & { storeId: number; sha256: Buffer; rows: number }

/** What a publish did to the prices. */
export type Published = SpanChangesTotal & { lists: number; newestMoment: number }

/**
 * Places price lists among the spans, batch by batch (all lists of a store must come in one batch), and leaves in the
 * temporary table `changed_products` the products whose prices have changed. Runs in the publishing transaction.
 */
export async function publishLists(tx: Tx, batches: AsyncIterable<NewList[]>): Promise<Published> {
  await tx`create temp table changed_products (product_id integer primary key) on commit drop`
  const writer = await spanWriter(tx)
  let lists = 0
  let newestMoment = Number.NEGATIVE_INFINITY
  for await (const batch of batches) {
    lists += await publishBatch(tx, batch, writer)
    for (const list of batch) newestMoment = Math.max(newestMoment, list.moment)
  }
  const total = await writer.finish()
  await copyIn(tx, 'copy changed_products (product_id)', function* (to) {
    for (const product of writer.changedProducts) {
      to.row(1)
      to.int4(product)
      yield
    }
  })
  await tx`analyze changed_products`
  return { ...total, lists, newestMoment }
}

async function publishBatch(tx: Tx, batch: NewList[], writer: SpanWriter): Promise<number> {
  const stores = [...new Set(batch.map((list) => list.storeId))].sort((a, b) => a - b)
  const earliest = new Date(Math.min(...batch.map((list) => list.moment)))
  const { ids, added } = await insertHeads(tx, batch)
  const placed = await loadPlaced(tx, stores, earliest, new Set(ids.values()))
  const byStore = Map.groupBy(batch, (list) => list.storeId)
  const spans = await loadSpans(tx, stores, earliest)
  let [next, spare] = [emptySpans(1 << 15), emptySpans(1 << 15)]
  for (const storeId of stores) {
    const lists = (byStore.get(storeId) ?? []).map((list): PriceList => {
      const digest = list.sha256.toString('hex')
      return { ...list, digest, id: ids.get(digest) as number }
    })
    lists.sort(compareLists)
    const before = spans.get(storeId) ?? emptySpans(0)
    const done = placed.get(storeId) ?? []
    let current = before
    for (const list of lists) {
      placeList(current, list, done, next)
      current = next
      ;[next, spare] = [spare, next]
    }
    await writer.write(storeId, before, current, compareSpans(before, current))
  }
  return added
}

/** Stores the lists' heads and returns the id of each by digest; one that is known keeps its id. */
async function insertHeads(tx: Tx, batch: NewList[]): Promise<{ ids: Map<string, number>; added: number }> {
  const heads = batch.map((list) => ({
    store: list.storeId,
    at: list.moment,
    kind: list.full ? 'full' : 'delta',
    file: list.fileName,
    sha: list.sha256.toString('hex'),
    rows: list.rows,
    products: list.full ? null : Array.from(list.products),
  }))
  const rows = await tx<{ id: number; sha: string; added: boolean }[]>`
    insert into pricing.price_lists as known (store_id, observed_at, kind, file_name, sha256, rows, product_ids)
    select store, to_timestamp(at / 1000.0), kind, file, decode(sha, 'hex'), rows,
      case kind when 'delta' then array(select jsonb_array_elements_text(products)::integer) end
    from jsonb_to_recordset(${tx.json(heads)}) as x (store integer, at bigint, kind text, file text, sha text,
      rows integer, products jsonb)
    on conflict (sha256) do nothing
    returning id, encode(sha256, 'hex') as sha`
  const ids = new Map(rows.map(({ id, sha }) => [sha, id]))
  const known = heads.filter(({ sha }) => !ids.has(sha)).map(({ sha }) => sha)
  if (known.length > 0) {
    const old = await tx<{ id: number; sha: string }[]>`
      select id, encode(sha256, 'hex') as sha from pricing.price_lists
      where sha256 in (select decode(sha, 'hex') from unnest(${known}::text[]) sha)`
    for (const { id, sha } of old) ids.set(sha, id)
  }
  return { ids, added: rows.length }
}

/** The lists of the stores at or after a moment that are in the spans already, in order. */
async function loadPlaced(
  tx: Tx,
  stores: number[],
  earliest: Date,
  placing: Set<number>,
): Promise<Map<number, PlacedList[]>> {
  const rows = await tx<
    {
      id: number
      store_id: number
      at: number
      kind: string
      file_name: string
      sha: string
      product_ids: number[] | null
    }[]
  >`select id, store_id, (extract(epoch from observed_at) * 1000)::float8 as at, kind, file_name,
      encode(sha256, 'hex') as sha, product_ids
    from pricing.price_lists where store_id = any(${stores}) and observed_at >= ${earliest}`
  const placed = new Map<number, PlacedList[]>()
  for (const { id, store_id, at, kind, file_name, sha, product_ids } of rows) {
    if (placing.has(id)) continue
    const products = product_ids === null ? null : Int32Array.from(product_ids)
    const list = { id, moment: at, full: kind === 'full', fileName: file_name, digest: sha, products }
    const others = placed.get(store_id)
    if (others === undefined) placed.set(store_id, [list])
    else others.push(list)
  }
  for (const lists of placed.values()) lists.sort(compareLists)
  return placed
}

/** The spans of the stores that end at or after a moment (current ones never end). */
async function loadSpans(tx: Tx, stores: number[], earliest: Date): Promise<Map<number, Spans>> {
  const byStore = new Map<number, Spans>()
  let spans: Spans = emptySpans(0)
  let store = -1
  await copyOut(
    tx,
    `select store_id, product_id, valid_from, valid_to, agorot, list_id from pricing.prices
      where store_id in (${stores.map(Number).join()})
        and (valid_to is null or valid_to >= '${earliest.toISOString()}')
      order by store_id, product_id, valid_from`,
    (from) => {
      const storeId = from.int4()
      if (storeId !== store) {
        store = storeId
        spans = emptySpans(1 << 13)
        byStore.set(store, spans)
      }
      if (spans.size === spans.product.length) reserve(spans, spans.size + 1)
      const i = spans.size++
      spans.product[i] = from.int4()
      spans.from[i] = from.moment()
      spans.to[i] = from.moment()
      spans.agorot[i] = from.int4()
      spans.list[i] = from.int4()
    },
  )
  return byStore
}

/**
 * Writes the current price ranges of the products in `changed_products` to the temporary table `price_ranges`: over
 * stores observed since `staleBefore`, and over all stores.
 */
export async function rangePrices(tx: Tx, staleBefore: Date | null): Promise<void> {
  await tx`create temp table price_ranges on commit drop as
    with by_chain as (
      select p.product_id, s.chain_id,
        min(p.agorot) filter (where s.fresh) as low, max(p.agorot) filter (where s.fresh) as high,
        sum(p.agorot) filter (where s.fresh) as total, count(*) filter (where s.fresh) as stores,
        min(p.agorot) as all_low, max(p.agorot) as all_high, sum(p.agorot) as all_total, count(*) as all_stores
      from pricing.prices p join changed_products using (product_id)
        join (select id, chain_id, ${staleBefore}::timestamptz is null or last_observed_at >= ${staleBefore} as fresh
          from catalog.stores) s on s.id = p.store_id
      where p.valid_to is null group by p.product_id, s.chain_id
    )
    select product_id, min(low) as min_agorot, max(high) as max_agorot, sum(total)::bigint as sum_agorot,
      sum(stores)::integer as store_count, min(all_low) as all_min_agorot, max(all_high) as all_max_agorot,
      sum(all_total)::bigint as all_sum_agorot, sum(all_stores)::integer as all_store_count,
      array_agg(chain_id order by chain_id) as chain_ids
    from by_chain group by product_id`
  await tx`analyze price_ranges`
}

/** Adds to `changed_products` all that is sold in stores whose freshness a new `staleBefore` changes. */
export async function markRefreshed(tx: Tx, before: Date | null, after: Date | null): Promise<void> {
  await tx`insert into changed_products
    select distinct p.product_id from pricing.prices p
    where p.valid_to is null and p.store_id in (
      select id from catalog.stores
      where (${before}::timestamptz is null or last_observed_at >= ${before})
        is distinct from (${after}::timestamptz is null or last_observed_at >= ${after}))
    on conflict do nothing`
}
