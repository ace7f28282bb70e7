import { setImmediate } from 'node:timers/promises'
import { copyIn, copyOut } from '../../src/db/binary-copy.ts'
import type { Sql, Tx } from '../../src/db/connect.ts'
import { countCoverage } from './coverage.ts'
import { type SpanChangesTotal, type SpanWriter, spanWriter } from './span-writer.ts'
import {
  compareLists,
  compareSpans,
  emptySpans,
  type ListHead,
  type PlacedList,
  type PriceList,
  placeList,
  reserve,
  type Spans,
  sortSpans,
} from './spans.ts'

/** A price list to publish, as `ingestion` staged it: products in rising order, 0 agorot = not for sale. */
export type NewList = Omit<PriceList, 'id' | 'digest'> & {
  storeId: number
  sha256: Buffer
  /** A digest of products and prices. */
  content: Buffer
  rows: number
}

/** What a publish did to the prices. */
export type Published = SpanChangesTotal & { lists: number; newestMoment: number }

/**
 * Places price lists among the spans, batch by batch (all lists of a store must come in one batch), and leaves in the
 * temporary table `changed_products` the products whose prices have changed. Runs in the publishing transaction.
 */
export async function publishLists(tx: Tx, batches: AsyncIterable<NewList[]>): Promise<Published> {
  await tx`create temp table changed_products (product_id integer primary key) on commit drop`
  const writer = await spanWriter(tx)
  const added: Observation[] = []
  let newestMoment = Number.NEGATIVE_INFINITY
  let ahead: Batch | null = null
  for await (const batch of batches) {
    // the server gathers one batch's spans while the one before it is placed here
    const loading: Promise<Batch> = loadBatch(tx, batch)
    await Promise.all([loading, placeBatch(ahead, writer)])
    await writer.flushWhenFull()
    ahead = await loading
    added.push(...ahead.added)
    for (const list of batch) newestMoment = Math.max(newestMoment, list.moment)
  }
  await placeBatch(ahead, writer)
  const total = await writer.finish()
  await countCoverage(tx, added)
  await copyIn(tx, 'copy changed_products (product_id)', function* (to) {
    for (const product of writer.changedProducts) {
      to.row(1)
      to.int4(product)
      yield
    }
  })
  await tx`analyze changed_products`
  return { ...total, lists: added.length, newestMoment }
}

/** A list of the batch with its head in the database; `reflected`: the spans already say what it says. */
type Placing = PriceList & { storeId: number; content: string; reflected: boolean }

type Observation = Pick<NewList, 'storeId' | 'moment'>

/** A batch with all that its stores' lists are placed among. */
type Batch = {
  added: Observation[]
  lists: Map<number, Placing[]>
  placed: Map<number, PlacedList[]>
  spans: Map<number, Spans>
}

async function loadBatch(tx: Tx, batch: NewList[]): Promise<Batch> {
  const newest = await loadNewest(tx, [...new Set(batch.map((list) => list.storeId))])
  const { lists: all, added } = await insertHeads(tx, batch)
  const lists = new Map<number, Placing[]>()
  for (const [storeId, own] of Map.groupBy(all, (list) => list.storeId)) {
    const left = withoutRepeats(own.sort(compareLists), newest.get(storeId))
    if (left.length > 0) lists.set(storeId, left)
  }
  const placing = [...lists.values()].flat()
  const earliest = new Date(Math.min(...placing.map((list) => list.moment)))
  const known = [...lists.keys()].filter((storeId) => newest.has(storeId))
  if (known.length === 0) return { added, lists, placed: new Map(), spans: new Map() }
  const placed = await loadPlaced(tx, known, earliest, new Set(placing.map((list) => list.id)))
  return { added, lists, placed, spans: await loadSpans(tx, known, earliest) }
}

/** Places a batch, letting the event loop turn between stores. */
async function placeBatch(batch: Batch | null, writer: SpanWriter): Promise<void> {
  if (batch === null) return
  let [next, spare] = [emptySpans(1 << 15), emptySpans(1 << 15)]
  for (const [storeId, lists] of batch.lists) {
    const before = batch.spans.get(storeId) ?? emptySpans(0)
    let current = before
    for (const list of lists) {
      placeList(current, list, batch.placed.get(storeId) ?? [], next)
      current = next
      ;[next, spare] = [spare, next]
    }
    writer.write(storeId, before, current, compareSpans(before, current))
    await setImmediate()
  }
}

/**
 * Leaves out the lists that change nothing: those that the spans reflect already, and, before anything is placed, a
 * full list behind the store's newest one that repeats it to the letter.
 */
function withoutRepeats(lists: Placing[], newest: Newest | undefined): Placing[] {
  let last: Newest | undefined = newest
  const left: Placing[] = []
  for (const list of lists) {
    if (list.reflected) continue
    const repeats = last?.full === true && list.full && last.content === list.content && compareLists(last, list) < 0
    if (left.length === 0 && repeats) last = list
    else left.push(list)
  }
  return left
}

type Newest = ListHead & { content: string }

/** The last list of every store, in the order of `compareLists`. */
async function loadNewest(tx: Tx, stores: number[]): Promise<Map<number, Newest>> {
  const rows = await tx<(Newest & { storeId: number })[]>`
    select distinct on (store_id) store_id as "storeId", id, (extract(epoch from observed_at) * 1000)::float8 as moment,
      kind = 'full' as full, file_name as "fileName", encode(sha256, 'hex') as digest, encode(content, 'hex') as content
    from pricing.price_lists where store_id = any(${stores})
    order by store_id, observed_at desc, kind, file_name collate "C" desc, sha256 desc`
  return new Map(rows.map((row) => [row.storeId, row]))
}

/** Stores the heads of the lists; one that is known by its digest keeps its id. */
async function insertHeads(tx: Tx, batch: NewList[]): Promise<{ lists: Placing[]; added: Observation[] }> {
  const heads = batch.map((list) => ({
    store: list.storeId,
    at: list.moment,
    kind: list.full ? 'full' : 'delta',
    file: list.fileName,
    sha: list.sha256.toString('hex'),
    content: list.content.toString('hex'),
    rows: list.rows,
    products: list.full ? null : Array.from(list.products),
  }))
  const rows = await tx<{ id: number; sha: string; reflected: boolean; added: boolean }[]>`
    with head as (
      select store, to_timestamp(at / 1000.0) as at, kind, file, decode(sha, 'hex') as sha, decode(content, 'hex') as content,
        rows, case kind when 'delta' then array(select jsonb_array_elements_text(products)::integer) end as products
      from jsonb_to_recordset(${tx.json(heads)}) as x (store integer, at bigint, kind text, file text, sha text,
        content text, rows integer, products jsonb)
    ), added as (
      insert into pricing.price_lists (store_id, observed_at, kind, file_name, sha256, content, rows, product_ids)
      select store, at, kind, file, sha, content, rows, products from head
      on conflict (sha256) do nothing returning id, sha256
    ), reread as (
      update pricing.price_lists l set content = h.content, product_ids = h.products
      from head h where l.sha256 = h.sha and l.content <> h.content
    )
    select id, encode(sha256, 'hex') as sha, false as reflected, true as added from added
    union all
    select l.id, h.sha::text, l.content = h.content, false
    from pricing.price_lists l join (select encode(sha, 'hex') as sha, sha as digest, content from head) h
      on l.sha256 = h.digest`
  const known = new Map(rows.map((row) => [row.sha, row]))
  const lists = batch.map((list): Placing => {
    const digest = list.sha256.toString('hex')
    const head = known.get(digest)
    if (head === undefined) throw new Error(`Cannot publish ${list.fileName}: its head is not in the database`)
    return { ...list, digest, content: list.content.toString('hex'), id: head.id, reflected: head.reflected }
  })
  const added = lists.filter(({ digest }) => known.get(digest)?.added === true)
  return { lists, added: added.map(({ storeId, moment }) => ({ storeId, moment })) }
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
  const byStore = new Map<number, Spans>(stores.map((storeId) => [storeId, emptySpans(1 << 10)]))
  await copyOut(
    tx,
    `select store_id, product_id, valid_from, valid_to, agorot, list_id from pricing.prices
      where store_id in (${stores.map(Number).join()})
        and (valid_to is null or valid_to >= '${earliest.toISOString()}')`,
    (from) => {
      const spans = byStore.get(from.int4()) as Spans
      if (spans.size === spans.product.length) reserve(spans, spans.size + 1)
      const i = spans.size++
      spans.product[i] = from.int4()
      spans.from[i] = from.moment()
      spans.to[i] = from.moment()
      spans.agorot[i] = from.int4()
      spans.list[i] = from.int4()
    },
  )
  for (const spans of byStore.values()) sortSpans(spans)
  return byStore
}

/**
 * Writes the current price ranges of the products in `changed_products` to the temporary table `price_ranges`: over
 * stores observed since `staleBefore`, and over all stores.
 */
export async function rangePrices(tx: Tx, staleBefore: Date | null): Promise<void> {
  await tx`create temp table price_ranges on commit drop as
    with by_chain as (
      select p.product_id, s.chain_id, s.fresh,
        min(p.agorot) as low, max(p.agorot) as high, sum(p.agorot) as total, count(*) as stores
      from pricing.prices p join changed_products using (product_id)
        join (select id, chain_id, ${staleBefore}::timestamptz is null or last_observed_at >= ${staleBefore} as fresh
          from catalog.stores) s on s.id = p.store_id
      where p.valid_to is null group by p.product_id, s.chain_id, s.fresh
    )
    select product_id, min(low) filter (where fresh) as min_agorot, max(high) filter (where fresh) as max_agorot,
      (sum(total) filter (where fresh))::bigint as sum_agorot, (sum(stores) filter (where fresh))::integer as store_count,
      min(low) as all_min_agorot, max(high) as all_max_agorot, sum(total)::bigint as all_sum_agorot,
      sum(stores)::integer as all_store_count, array_agg(distinct chain_id order by chain_id) as chain_ids
    from by_chain group by product_id`
  await tx`analyze price_ranges (product_id)`
}

/** The stores that are not stale, by id. */
export async function freshStores(tx: Tx, staleBefore: Date | null): Promise<number[]> {
  const rows = await tx<{ id: number }[]>`
    select id from catalog.stores where ${staleBefore}::timestamptz is null or last_observed_at >= ${staleBefore}`
  return rows.map(({ id }) => id)
}

/** Adds to `changed_products` all that is sold in stores that have become stale, or are so no longer. */
export async function markRefreshed(tx: Tx, before: number[], after: number[]): Promise<void> {
  const fresh = new Set(after)
  const were = new Set(before)
  const changed = [...before.filter((id) => !fresh.has(id)), ...after.filter((id) => !were.has(id))]
  if (changed.length === 0) return
  await tx`insert into changed_products
    select distinct p.product_id from pricing.prices p where p.valid_to is null and p.store_id = any(${changed})
    on conflict do nothing`
}

/**
 * Makes the space of removed spans usable again (outside of a transaction): a version older than what is loaded moves
 * the beginning of nearly every span, and autovacuum would come after the next one.
 */
export async function vacuumPrices(db: Sql): Promise<void> {
  await db`vacuum pricing.prices`
}

/** Forgets all prices, price lists and what was counted of them. */
export async function emptyPrices(tx: Tx): Promise<void> {
  await tx`truncate pricing.prices, pricing.price_lists, pricing.coverage`
}
