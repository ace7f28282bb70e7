/**
 * Prices of one store in time. The price of a product is a step function that only price lists change; a list says
 * what held from its own moment until the next list that names the product, so it can be placed at any time, in any
 * order (`docs/adr/0002-price-spans.md`).
 */

/** A moment that never comes: the `to` of a current span. Moments are epoch milliseconds. */
export const NEVER = Number.POSITIVE_INFINITY

/**
 * The price spans of one store as columns, ordered by product, then `from`: product `product[i]` cost `agorot[i]`
 * in `[from[i], to[i])`, first said by list `list[i]`. Spans are maximal: neighbours differ in price or have a gap.
 */
export type Spans = {
  size: number
  product: Int32Array
  from: Float64Array
  to: Float64Array
  agorot: Int32Array
  list: Int32Array
}

/** Where a list stands among the lists of its store. */
export type ListHead = { id: number; moment: number; full: boolean; fileName: string; digest: string }

/** A price list: products in rising order, each once; 0 agorot = not for sale. A full list says that of all others too. */
export type PriceList = ListHead & { products: Int32Array; agorot: Int32Array }

/** A list that is already in the spans: a delta's products in rising order, null for a full list. */
export type PlacedList = ListHead & { products: Int32Array | null }

/** The order of lists: by moment, a full list before a delta, then by file name (dataset.md), then by digest. */
export function compareLists(a: ListHead, b: ListHead): number {
  if (a.moment !== b.moment) return a.moment - b.moment
  if (a.full !== b.full) return a.full ? -1 : 1
  if (a.fileName !== b.fileName) return a.fileName < b.fileName ? -1 : 1
  return a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : 0
}

export function emptySpans(capacity: number): Spans {
  return {
    size: 0,
    product: new Int32Array(capacity),
    from: new Float64Array(capacity),
    to: new Float64Array(capacity),
    agorot: new Int32Array(capacity),
    list: new Int32Array(capacity),
  }
}

/** Makes room for `capacity` spans, keeping what is there. */
export function reserve(spans: Spans, capacity: number): void {
  if (spans.product.length >= capacity) return
  const grown = emptySpans(Math.max(capacity, spans.product.length * 2))
  for (const column of ['product', 'from', 'to', 'agorot', 'list'] as const) {
    grown[column].set(spans[column].subarray(0, spans.size))
  }
  grown.size = spans.size
  Object.assign(spans, grown)
}

/** Puts spans into their order, by product and `from`. */
export function sortSpans(spans: Spans): void {
  const { size, product, from } = spans
  let sorted = true
  for (let i = 1; i < size && sorted; i++) sorted = precedes(spans, i - 1, i)
  if (sorted) return
  // products are ranked by a native sort of numbers; what is left to order is a product's few spans
  const SHIFT = 0x1000000
  const keys = new Float64Array(size)
  for (let i = 0; i < size; i++) keys[i] = (product[i] as number) * SHIFT + i
  keys.sort()
  const order = Uint32Array.from(keys, (key) => key % SHIFT)
  for (let i = 1; i < size; i++) {
    for (let j = i; j > 0 && !precedes(spans, order[j - 1] as number, order[j] as number); j--) {
      const earlier = order[j] as number
      order[j] = order[j - 1] as number
      order[j - 1] = earlier
    }
  }
  const arrange = <T extends Int32Array | Float64Array>(column: T): T =>
    column.map((_, i) => column[order[i] ?? i] ?? 0) as T
  spans.product = arrange(product)
  spans.from = arrange(from)
  spans.to = arrange(spans.to)
  spans.agorot = arrange(spans.agorot)
  spans.list = arrange(spans.list)
}

function precedes({ product, from }: Spans, i: number, j: number): boolean {
  const order = (product[i] as number) - (product[j] as number)
  return order < 0 || (order === 0 && (from[i] as number) <= (from[j] as number))
}

/** Appends a span, or lengthens the last one when it goes on at the same price. */
function append(out: Spans, product: number, from: number, to: number, agorot: number, list: number): void {
  const last = out.size - 1
  if (last >= 0 && out.product[last] === product && out.to[last] === from && out.agorot[last] === agorot) {
    out.to[last] = to
    return
  }
  const i = out.size++
  out.product[i] = product
  out.from[i] = from
  out.to[i] = to
  out.agorot[i] = agorot
  out.list[i] = list
}

function names(list: PlacedList, product: number): boolean {
  if (list.products === null) return true
  let low = 0
  let high = list.products.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list.products[middle] as number) < product) low = middle + 1
    else high = middle
  }
  return list.products[low] === product
}

/** The list that speaks for a product at a moment: the last one in order that names it there. */
function speaker(placed: readonly PlacedList[], moment: number, product: number): number {
  for (let i = placed.length - 1; i >= 0; i--) {
    const list = placed[i] as PlacedList
    if (list.moment === moment && names(list, product)) return list.id
  }
  throw new Error(`Cannot place a price list: no list names product ${product} at ${new Date(moment).toISOString()}`)
}

/** Until when a list's word holds: the next full list, or earlier for what a delta names before it. */
function horizon(placed: readonly PlacedList[], list: ListHead): { all: number; some: Map<number, number> } {
  const some = new Map<number, number>()
  for (const next of placed) {
    if (compareLists(next, list) <= 0) continue
    if (next.products === null) return { all: next.moment, some }
    for (const product of next.products) if (!some.has(product)) some.set(product, next.moment)
  }
  return { all: NEVER, some }
}

/**
 * Places one list among the spans of its store and writes the result to `out` (emptied first, grown as needed).
 * `placed` are the store's other lists at or after the list's moment that `spans` already reflects, in order;
 * `spans` must hold every span of the store that ends at or after that moment.
 */
export function placeList(spans: Spans, list: PriceList, placed: readonly PlacedList[], out: Spans): void {
  out.size = 0
  reserve(out, 3 * spans.size + 2 * list.products.length)
  const { all, some } = horizon(placed, list)
  const { moment, full, id } = list
  let i = 0
  let j = 0
  while (i < spans.size || j < list.products.length) {
    const spanned = i < spans.size ? (spans.product[i] as number) : NEVER
    const listed = j < list.products.length ? (list.products[j] as number) : NEVER
    const product = Math.min(spanned, listed)
    const agorot = listed === product ? (list.agorot[j++] as number) : 0
    const until = some.size > 0 ? (some.get(product) ?? all) : all
    const silent = until <= moment || (listed !== product && !full)
    let said = silent || agorot === 0
    for (; i < spans.size && spans.product[i] === product; i++) {
      const from = spans.from[i] as number
      const to = spans.to[i] as number
      const price = spans.agorot[i] as number
      const source = spans.list[i] as number
      if (silent) {
        append(out, product, from, to, price, source)
        continue
      }
      if (from < moment) append(out, product, from, Math.min(to, moment), price, source)
      if (!said && to > moment) {
        append(out, product, moment, until, agorot, id)
        said = true
      }
      if (to > until) {
        if (from < until) append(out, product, until, to, price, speaker(placed, until, product))
        else append(out, product, from, to, price, source)
      }
    }
    if (!said) append(out, product, moment, until, agorot, id)
  }
}

/** What turns one set of spans into another, by key (product, `from`): indexes into `before` and `after`. */
export type SpanChanges = { removed: number[]; changed: number[]; added: number[] }

/** Compares the spans of one store before and after; `changed` and `added` are indexes into `after`. */
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
        before.to[i] === after.to[j] && before.agorot[i] === after.agorot[j] && before.list[i] === after.list[j]
      if (!same) changes.changed.push(j)
      i++
      j++
    }
  }
  return changes
}

function compareKeys(a: Spans, i: number, b: Spans, j: number): number {
  return (a.product[i] as number) - (b.product[j] as number) || (a.from[i] as number) - (b.from[j] as number)
}
