import { setImmediate } from 'node:timers/promises'
import { copyOut } from '../../../src/db/binary-copy.ts'
import type { Tx } from '../../../src/db/connect.ts'
import type { SpanTable } from '../spans/span-tables.ts'
import { type SpanChangesTotal, type SpanWriter, spanWriter } from '../spans/span-writer.ts'
import {
  compareLists,
  compareSpans,
  emptySpans,
  type ListHead,
  type PlacedList,
  placeList,
  reserve,
  type SpanList,
  type Spans,
  sortSpans,
} from '../spans/spans.ts'

/**
 * A list to publish, as `ingestion` staged it: products and agorot (0 = not for sale), or
 * promotions and terms.
 */
export type NewList = Omit<SpanList, 'id' | 'digest'> & {
  storeId: number
  sha256: Buffer
  /** A digest of keys and values. */
  content: Buffer
  rows: number
}

/** The result of publishing lists. */
export type Published = SpanChangesTotal & {
  /** The number of new lists. */
  lists: number
  newestMoment: number
  changedStores: ReadonlySet<number>
}

/** A new list: its store was observed at its moment. */
export type Observation = Pick<NewList, 'storeId' | 'moment'>

/**
 * Applies lists to the spans of a table, batch by batch. All lists of a store must be in one batch.
 */
export async function publishLists(
  tx: Tx,
  table: SpanTable,
  batches: AsyncIterable<NewList[]>,
): Promise<Published & { changedKeys: Set<number>; observations: Observation[] }> {
  const writer = await spanWriter(tx, table)
  const observations: Observation[] = []
  let newestMoment = Number.NEGATIVE_INFINITY
  let ahead: Batch | null = null
  for await (const batch of batches) {
    // the server reads the spans of one batch while the previous batch is placed here
    const loading: Promise<Batch> = loadBatch(tx, table, batch)
    await Promise.all([loading, placeBatch(ahead, writer)])
    await writer.flushWhenFull()
    ahead = await loading
    observations.push(...ahead.added)
    for (const list of batch) newestMoment = Math.max(newestMoment, list.moment)
  }
  await placeBatch(ahead, writer)
  const total = await writer.finish()
  const { changedKeys, changedStores } = writer
  return {
    ...total,
    lists: observations.length,
    newestMoment,
    changedKeys,
    changedStores,
    observations,
  }
}

/**
 * A list of the batch with its head in the database; `reflected`: the spans already include its
 * content.
 */
type Placing = SpanList & { storeId: number; content: string; reflected: boolean }

/** A batch with everything that is needed to place its lists. */
type Batch = {
  added: Observation[]
  lists: Map<number, Placing[]>
  placed: Map<number, PlacedList[]>
  spans: Map<number, Spans>
}

async function loadBatch(tx: Tx, table: SpanTable, batch: NewList[]): Promise<Batch> {
  const newest = await loadNewest(tx, table, [...new Set(batch.map((list) => list.storeId))])
  const { lists: all, added } = await insertHeads(tx, table, batch)
  const lists = new Map<number, Placing[]>()
  for (const [storeId, own] of Map.groupBy(all, (list) => list.storeId)) {
    const left = withoutRepeats(own.sort(compareLists), newest.get(storeId))
    if (left.length > 0) lists.set(storeId, left)
  }
  const placing = [...lists.values()].flat()
  const earliest = new Date(Math.min(...placing.map((list) => list.moment)))
  const storesWithLists = [...lists.keys()].filter((storeId) => newest.has(storeId))
  if (storesWithLists.length === 0) return { added, lists, placed: new Map(), spans: new Map() }
  const placed = await loadPlaced(tx, table, {
    stores: storesWithLists,
    earliest,
    placing: new Set(placing.map(({ id }) => id)),
  })
  return {
    added,
    lists,
    placed,
    spans: await loadSpans(tx, table, { stores: storesWithLists, earliest }),
  }
}

/** Stores that have spans, and the earliest moment from which their spans matter. */
type StoresSince = { stores: number[]; earliest: Date }

/** Applies a batch, yielding to the event loop between stores. */
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
 * Removes the lists that change nothing: lists that the spans already reflect, and repeats. While
 * no list of the store remains, a full list that follows the store's newest full list and has the
 * same content is a repeat.
 */
function withoutRepeats(lists: Placing[], newest: Newest | undefined): Placing[] {
  let last: Newest | undefined = newest
  const left: Placing[] = []
  for (const list of lists) {
    if (list.reflected) continue
    const repeats =
      last?.full === true &&
      list.full &&
      last.content === list.content &&
      compareLists(last, list) < 0
    if (left.length === 0 && repeats) last = list
    else left.push(list)
  }
  return left
}

type Newest = ListHead & { content: string }

/** The last list of every store, in the order of `compareLists`. */
async function loadNewest(
  tx: Tx,
  { lists }: SpanTable,
  stores: number[],
): Promise<Map<number, Newest>> {
  const rows = await tx<(Newest & { storeId: number })[]>`
    select distinct on (store_id) store_id as "storeId", id, (extract(epoch from observed_at) * 1000)::float8 as moment,
      kind = 'full' as full, file_name as "fileName", encode(sha256, 'hex') as digest, encode(content, 'hex') as content
    from ${tx(lists)} where store_id = any(${stores})
    order by store_id, observed_at desc, kind, file_name collate "C" desc, sha256 desc`
  return new Map(rows.map((row) => [row.storeId, row]))
}

/** Stores the heads of the lists. A list with a known digest keeps its id. */
async function insertHeads(
  tx: Tx,
  table: SpanTable,
  batch: NewList[],
): Promise<{ lists: Placing[]; added: Observation[] }> {
  const [into, named] = [tx(table.lists), tx(table.named)]
  const heads = batch.map((list) => ({
    store: list.storeId,
    at: list.moment,
    kind: list.full ? 'full' : 'delta',
    file: list.fileName,
    sha: list.sha256.toString('hex'),
    content: list.content.toString('hex'),
    rows: list.rows,
    keys: list.full ? null : Array.from(list.keys),
  }))
  const rows = await tx<{ id: number; sha: string; reflected: boolean; added: boolean }[]>`
    with head as (
      select store, to_timestamp(at / 1000.0) as at, kind, file, decode(sha, 'hex') as sha, decode(content, 'hex') as content,
        rows, case kind when 'delta' then array(select jsonb_array_elements_text(keys)::integer) end as keys
      from jsonb_to_recordset(${tx.json(heads)}) as x (store integer, at bigint, kind text, file text, sha text,
        content text, rows integer, keys jsonb)
    ), added as (
      insert into ${into} (store_id, observed_at, kind, file_name, sha256, content, rows, ${named})
      select store, at, kind, file, sha, content, rows, keys from head
      on conflict (sha256) do nothing returning id, sha256
    ), reread as (
      update ${into} l set content = h.content, ${named} = h.keys
      from head h where l.sha256 = h.sha and l.content <> h.content
    )
    select id, encode(sha256, 'hex') as sha, false as reflected, true as added from added
    union all
    select l.id, h.sha::text, l.content = h.content, false
    from ${into} l join (select encode(sha, 'hex') as sha, sha as digest, content from head) h
      on l.sha256 = h.digest`
  const headByDigest = new Map(rows.map((row) => [row.sha, row]))
  const lists = batch.map((list): Placing => {
    const digest = list.sha256.toString('hex')
    const head = headByDigest.get(digest)
    if (head === undefined)
      throw new Error(`Cannot publish ${list.fileName}: its head is not in the database`)
    return {
      ...list,
      digest,
      content: list.content.toString('hex'),
      id: head.id,
      reflected: head.reflected,
    }
  })
  const added = lists.filter(({ digest }) => headByDigest.get(digest)?.added === true)
  return { lists, added: added.map(({ storeId, moment }) => ({ storeId, moment })) }
}

/** The lists of the stores, at or after a moment, that the spans already reflect, in order. */
async function loadPlaced(
  tx: Tx,
  table: SpanTable,
  { stores, earliest, placing }: StoresSince & { placing: Set<number> },
): Promise<Map<number, PlacedList[]>> {
  const rows = await tx<
    {
      id: number
      store_id: number
      at: number
      kind: string
      file_name: string
      sha: string
      keys: number[] | null
    }[]
  >`select id, store_id, (extract(epoch from observed_at) * 1000)::float8 as at, kind, file_name,
      encode(sha256, 'hex') as sha, ${tx(table.named)} as keys
    from ${tx(table.lists)} where store_id = any(${stores}) and observed_at >= ${earliest}`
  const placed = new Map<number, PlacedList[]>()
  for (const { id, store_id, at, kind, file_name, sha, keys } of rows) {
    if (placing.has(id)) continue
    const named = keys === null ? null : Int32Array.from(keys)
    const list = {
      id,
      moment: at,
      full: kind === 'full',
      fileName: file_name,
      digest: sha,
      keys: named,
    }
    const others = placed.get(store_id)
    if (others === undefined) placed.set(store_id, [list])
    else others.push(list)
  }
  for (const lists of placed.values()) lists.sort(compareLists)
  return placed
}

/** The spans of the stores that end at or after a moment (current ones never end). */
async function loadSpans(
  tx: Tx,
  table: SpanTable,
  { stores, earliest }: StoresSince,
): Promise<Map<number, Spans>> {
  const byStore = new Map<number, Spans>(stores.map((storeId) => [storeId, emptySpans(1 << 10)]))
  await copyOut(
    tx,
    `select store_id, ${table.key}, valid_from, valid_to, ${table.value}, list_id from ${table.spans}
      where store_id in (${stores.map(Number).join()})
        and (valid_to is null or valid_to >= '${earliest.toISOString()}')`,
    (from) => {
      const spans = byStore.get(from.int4()) as Spans
      if (spans.size === spans.key.length) reserve(spans, spans.size + 1)
      const i = spans.size++
      spans.key[i] = from.int4()
      spans.from[i] = from.moment()
      spans.to[i] = from.moment()
      spans.value[i] = from.int4()
      spans.list[i] = from.int4()
    },
  )
  for (const spans of byStore.values()) sortSpans(spans)
  return byStore
}
