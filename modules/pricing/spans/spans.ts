/**
 * The history of one store: the prices of its products, the terms of its promotions. The value of a
 * key is a step function that only lists change. A list applies from its own moment until the next
 * list that names the key, so lists can be placed at any time, in any order
 * (`docs/adr/0002-price-spans.md`).
 */

/** The `to` of a current span, which has no end. Moments are epoch milliseconds. */
export const NEVER = Number.POSITIVE_INFINITY

/**
 * The spans of one store as columns, ordered by key, then `from`: `value[i]` applied to `key[i]` in
 * `[from[i], to[i])`, first stated by list `list[i]`. For prices, a key is a product and a value
 * its agorot. For promotions, a key is a promotion and a value its terms. Spans are maximal:
 * neighbours differ in value or have a gap.
 */
export type Spans = {
  size: number
  key: Int32Array
  from: Float64Array
  to: Float64Array
  value: Int32Array
  list: Int32Array
}

/** What determines the position of a list among the lists of its store. */
export type ListHead = {
  id: number
  moment: number
  full: boolean
  fileName: string
  digest: string
}

/**
 * A list: unique keys in ascending order; value 0 ends a key. A full list also ends all other keys.
 */
export type SpanList = ListHead & { keys: Int32Array; values: Int32Array }

/**
 * A list that the spans already reflect: the keys of a delta in ascending order, null for a full
 * list.
 */
export type PlacedList = ListHead & { keys: Int32Array | null }

/**
 * The order of lists: by moment, a full list before a delta, then by file name (dataset.md), then
 * by digest.
 */
export function compareLists(a: ListHead, b: ListHead): number {
  if (a.moment !== b.moment) return a.moment - b.moment
  if (a.full !== b.full) return a.full ? -1 : 1
  if (a.fileName !== b.fileName) return a.fileName < b.fileName ? -1 : 1
  return a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0
}

export function emptySpans(capacity: number): Spans {
  return {
    size: 0,
    key: new Int32Array(capacity),
    from: new Float64Array(capacity),
    to: new Float64Array(capacity),
    value: new Int32Array(capacity),
    list: new Int32Array(capacity),
  }
}

/** Grows the columns to at least `capacity` spans and keeps their content. */
export function reserve(spans: Spans, capacity: number): void {
  if (spans.key.length >= capacity) return
  const grown = emptySpans(Math.max(capacity, spans.key.length * 2))
  for (const column of ['key', 'from', 'to', 'value', 'list'] as const) {
    grown[column].set(spans[column].subarray(0, spans.size))
  }
  grown.size = spans.size
  Object.assign(spans, grown)
}

/** Sorts spans by key and `from`. */
export function sortSpans(spans: Spans): void {
  const { size, key, from } = spans
  let sorted = true
  for (let i = 1; i < size && sorted; i++) sorted = precedes(spans, i - 1, i)
  if (sorted) return
  // a native sort of numbers orders the keys; the few spans of each key are then sorted by
  // insertion
  const SHIFT = 0x1000000
  const ranks = new Float64Array(size)
  for (let i = 0; i < size; i++) ranks[i] = (key[i] as number) * SHIFT + i
  ranks.sort()
  const order = Uint32Array.from(ranks, (rank) => rank % SHIFT)
  for (let i = 1; i < size; i++) {
    for (let j = i; j > 0 && !precedes(spans, order[j - 1] as number, order[j] as number); j--) {
      const earlier = order[j] as number
      order[j] = order[j - 1] as number
      order[j - 1] = earlier
    }
  }
  const arrange = <T extends Int32Array | Float64Array>(column: T): T =>
    column.map((_, i) => column[order[i] ?? i] ?? 0) as T
  spans.key = arrange(key)
  spans.from = arrange(from)
  spans.to = arrange(spans.to)
  spans.value = arrange(spans.value)
  spans.list = arrange(spans.list)
}

function precedes({ key, from }: Spans, i: number, j: number): boolean {
  const order = (key[i] as number) - (key[j] as number)
  return order < 0 || (order === 0 && (from[i] as number) <= (from[j] as number))
}

/** Appends a span, or extends the last one if it continues with the same value. */
function append(
  out: Spans,
  key: number,
  from: number,
  to: number,
  value: number,
  list: number,
): void {
  const last = out.size - 1
  if (last >= 0 && out.key[last] === key && out.to[last] === from && out.value[last] === value) {
    out.to[last] = to
    return
  }
  const i = out.size++
  out.key[i] = key
  out.from[i] = from
  out.to[i] = to
  out.value[i] = value
  out.list[i] = list
}

function names(list: PlacedList, key: number): boolean {
  if (list.keys === null) return true
  let low = 0
  let high = list.keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list.keys[middle] as number) < key) low = middle + 1
    else high = middle
  }
  return list.keys[low] === key
}

/**
 * The list that determines a key at a moment: the last one in order that names it at that moment.
 */
function determiningList(placed: readonly PlacedList[], moment: number, key: number): number {
  for (let i = placed.length - 1; i >= 0; i--) {
    const list = placed[i] as PlacedList
    if (list.moment === moment && names(list, key)) return list.id
  }
  throw new Error(`Cannot place a list: no list names ${key} at ${new Date(moment).toISOString()}`)
}

/**
 * The end of a list's effect: the next full list (`all`), or an earlier delta for the keys that it
 * names (`some`).
 */
function endOfEffect(
  placed: readonly PlacedList[],
  list: ListHead,
): { all: number; some: Map<number, number> } {
  const some = new Map<number, number>()
  for (const next of placed) {
    if (compareLists(next, list) <= 0) continue
    if (next.keys === null) return { all: next.moment, some }
    for (const key of next.keys) if (!some.has(key)) some.set(key, next.moment)
  }
  return { all: NEVER, some }
}

/**
 * Applies one list to the spans of its store and writes the result to `out` (emptied first, grown
 * as needed). `placed` are the store's other lists at or after the list's moment that `spans`
 * already reflects, in order. `spans` must include every span of the store that ends at or after
 * that moment.
 */
export function placeList(
  spans: Spans,
  list: SpanList,
  placed: readonly PlacedList[],
  out: Spans,
): void {
  out.size = 0
  reserve(out, 3 * spans.size + 2 * list.keys.length)
  const { all, some } = endOfEffect(placed, list)
  const { moment, full, id } = list
  let i = 0
  let j = 0
  while (i < spans.size || j < list.keys.length) {
    const spanned = i < spans.size ? (spans.key[i] as number) : NEVER
    const listed = j < list.keys.length ? (list.keys[j] as number) : NEVER
    const key = Math.min(spanned, listed)
    const value = listed === key ? (list.values[j++] as number) : 0
    const until = some.size > 0 ? (some.get(key) ?? all) : all
    const isUnaffected = until <= moment || (listed !== key && !full)
    let isWritten = isUnaffected || value === 0
    for (; i < spans.size && spans.key[i] === key; i++) {
      const from = spans.from[i] as number
      const to = spans.to[i] as number
      const held = spans.value[i] as number
      const source = spans.list[i] as number
      if (isUnaffected) {
        append(out, key, from, to, held, source)
        continue
      }
      if (from < moment) append(out, key, from, Math.min(to, moment), held, source)
      if (!isWritten && to > moment) {
        append(out, key, moment, until, value, id)
        isWritten = true
      }
      if (to > until) {
        if (from < until) append(out, key, until, to, held, determiningList(placed, until, key))
        else append(out, key, from, to, held, source)
      }
    }
    if (!isWritten) append(out, key, moment, until, value, id)
  }
}

/**
 * The difference between two sets of spans by (key, `from`): indexes into `before` (removed) and
 * `after`.
 */
export type SpanChanges = { removed: number[]; changed: number[]; added: number[] }

/**
 * Compares the spans of one store before and after; `changed` and `added` are indexes into `after`.
 */
export function compareSpans(before: Spans, after: Spans): SpanChanges {
  const changes: SpanChanges = { removed: [], changed: [], added: [] }
  let i = 0
  let j = 0
  while (i < before.size || j < after.size) {
    const order = i === before.size ? 1 : j === after.size ? -1 : compareKeys(before, i, after, j)
    if (order < 0) changes.removed.push(i++)
    else if (order > 0) changes.added.push(j++)
    else {
      const same =
        before.to[i] === after.to[j] &&
        before.value[i] === after.value[j] &&
        before.list[i] === after.list[j]
      if (!same) changes.changed.push(j)
      i++
      j++
    }
  }
  return changes
}

function compareKeys(a: Spans, i: number, b: Spans, j: number): number {
  return (
    (a.key[i] as number) - (b.key[j] as number) || (a.from[i] as number) - (b.from[j] as number)
  )
}
