import { analyzeGrown } from '../../../src/db/analyze.ts'
import { copyIn } from '../../../src/db/binary-copy.ts'
import type { Tx } from '../../../src/db/connect.ts'
import type { SpanTable } from './span-tables.ts'
import type { SpanChanges, Spans } from './spans.ts'
import { NEVER } from './spans.ts'

/**
 * How many spans were added, changed and removed, and the difference in the counts of all spans and
 * of current spans.
 */
export type SpanChangesTotal = {
  added: number
  changed: number
  removed: number
  spansMoved: number
  currentMoved: number
}

/** Collects the changes in the spans of stores and writes them in bulk. */
export type SpanWriter = {
  changedKeys: Set<number>
  changedStores: Set<number>
  write(storeId: number, before: Spans, after: Spans, changes: SpanChanges): void
  /**
   * Writes the collected spans if there are many. The transaction must run nothing else meanwhile
   * (`COPY`).
   */
  flushWhenFull(): Promise<void>
  finish(): Promise<SpanChangesTotal>
}

const MAX_BUFFERED = 1 << 19

/** The table that spans are copied into, and its columns. */
type Target = Pick<SpanTable, 'key' | 'value'> & { into: string }

type Held = {
  size: number
  columns: [Int32Array, Int32Array, Float64Array, Float64Array, Int32Array, Int32Array]
}

/**
 * Creates a writer for one transaction and table. New spans are written half a million at a time in
 * the order of the primary key. The index then grows only at its end, which makes a first load
 * fast.
 */
export async function spanWriter(tx: Tx, table: SpanTable): Promise<SpanWriter> {
  const changedKeys = new Set<number>()
  const changedStores = new Set<number>()
  const total: SpanChangesTotal = {
    added: 0,
    changed: 0,
    removed: 0,
    spansMoved: 0,
    currentMoved: 0,
  }
  const added = held()
  const changed = held()
  const removed = held()

  let storeIndex: string | null = null

  async function flush(): Promise<void> {
    if (storeIndex === null && added.size > 0 && (await isEmpty(tx, table)))
      storeIndex = await dropIndex(tx, table)
    if (removed.size > 0) {
      await fill(tx, 'removed_spans', removed)
      await tx`delete from ${tx(table.spans)} s using removed_spans r
        where (s.${tx(table.key)}, s.store_id, s.valid_from) = (r.key, r.store_id, r.valid_from)`
    }
    if (changed.size > 0) {
      await fill(tx, 'changed_spans', changed)
      await tx`update ${tx(table.spans)} s set valid_to = c.valid_to, ${tx(table.value)} = c.value, list_id = c.list_id
        from changed_spans c
        where (s.${tx(table.key)}, s.store_id, s.valid_from) = (c.key, c.store_id, c.valid_from)`
    }
    await copySpans(tx, { ...table, into: table.spans }, added)
    for (const one of [added, changed, removed]) one.size = 0
  }

  return {
    changedKeys,
    changedStores,
    write(storeId, before, after, changes) {
      for (const i of changes.removed) push(removed, storeId, before, i)
      for (const i of changes.changed) push(changed, storeId, after, i)
      for (const i of changes.added) push(added, storeId, after, i)
      for (const i of changes.removed) changedKeys.add(before.key[i] as number)
      for (const i of changes.changed) changedKeys.add(after.key[i] as number)
      for (const i of changes.added) changedKeys.add(after.key[i] as number)
      if (changes.removed.length + changes.changed.length + changes.added.length > 0)
        changedStores.add(storeId)
      total.added += changes.added.length
      total.changed += changes.changed.length
      total.removed += changes.removed.length
      total.spansMoved += after.size - before.size
      total.currentMoved += countCurrent(after) - countCurrent(before)
    },
    async flushWhenFull() {
      if (added.size + changed.size + removed.size >= MAX_BUFFERED) await flush()
    },
    async finish() {
      await flush()
      if (storeIndex !== null) await tx.unsafe(storeIndex)
      await analyzeGrown(tx, table.spans, total.added)
      return total
    },
  }
}

/**
 * Whether the table has never had a row. If this transaction deleted its rows, it still has
 * readers.
 */
async function isEmpty(tx: Tx, { spans }: SpanTable): Promise<boolean> {
  const [table] = await tx<{ empty: boolean }[]>`
    select pg_relation_size(${spans}::text::regclass) = 0 as empty`
  return table?.empty === true
}

/**
 * Drops the index by store and returns the statement that recreates it. Updating it row by row
 * takes half the time of a first load. Readers of the spans wait while it is missing, but a first
 * load has no readers yet.
 */
async function dropIndex(tx: Tx, { storeIndex }: SpanTable): Promise<string> {
  const [index] = await tx<{ definition: string }[]>`
    select pg_get_indexdef(${storeIndex}::text::regclass) as definition`
  await tx`drop index ${tx(storeIndex)}`
  return index?.definition ?? ''
}

function countCurrent(spans: Spans): number {
  let count = 0
  for (let i = 0; i < spans.size; i++) if (spans.to[i] === NEVER) count++
  return count
}

function held(): Held {
  const n = 1 << 12
  return {
    size: 0,
    columns: [
      new Int32Array(n),
      new Int32Array(n),
      new Float64Array(n),
      new Float64Array(n),
      new Int32Array(n),
      new Int32Array(n),
    ],
  }
}

function push(to: Held, storeId: number, spans: Spans, i: number): void {
  if (to.size === to.columns[0].length) {
    to.columns = to.columns.map((column) => {
      const larger = new (column.constructor as Int32ArrayConstructor)(column.length * 2)
      larger.set(column as Int32Array)
      return larger
    }) as unknown as Held['columns']
  }
  const [key, store, from, until, value, list] = to.columns
  const at = to.size++
  key[at] = spans.key[i] as number
  store[at] = storeId
  from[at] = spans.from[i] as number
  until[at] = spans.to[i] as number
  value[at] = spans.value[i] as number
  list[at] = spans.list[i] as number
}

async function fill(tx: Tx, table: string, spans: Held): Promise<void> {
  await tx.unsafe(`create temp table if not exists ${table} (key integer, store_id integer,
    valid_from timestamptz, valid_to timestamptz, value integer, list_id integer) on commit drop; truncate ${table}`)
  await copySpans(tx, { into: table, key: 'key', value: 'value' }, spans)
  await tx.unsafe(`analyze ${table}`)
}

/**
 * Writes spans ordered by key. The spans of one key are already in the order of stores and moments.
 */
async function copySpans(
  tx: Tx,
  { into, key: keyName, value: valueName }: Target,
  spans: Held,
): Promise<void> {
  if (spans.size === 0) return
  const [key, store, from, until, value, list] = spans.columns
  const order = byKey(key, spans.size)
  await copyIn(
    tx,
    `copy ${into} (${keyName}, store_id, valid_from, valid_to, ${valueName}, list_id)`,
    function* (to) {
      for (const i of order) {
        to.row(6)
        to.int4(key[i] as number)
        to.int4(store[i] as number)
        to.moment(from[i] as number)
        to.moment(until[i] as number)
        to.int4(value[i] as number)
        to.int4(list[i] as number)
        yield
      }
    },
  )
}

/**
 * The positions of a column in the order of its values; equal values keep their order (a counting
 * sort).
 */
function byKey(key: Int32Array, size: number): Uint32Array {
  let most = 0
  for (let i = 0; i < size; i++) most = Math.max(most, key[i] as number)
  const next = new Uint32Array(most + 2)
  for (let i = 0; i < size; i++)
    next[(key[i] as number) + 1] = (next[(key[i] as number) + 1] as number) + 1
  for (let p = 1; p < next.length; p++) next[p] = (next[p] as number) + (next[p - 1] as number)
  const order = new Uint32Array(size)
  for (let i = 0; i < size; i++) {
    const k = key[i] as number
    const at = next[k] as number
    order[at] = i
    next[k] = at + 1
  }
  return order
}
