import { copyOut } from '../../../src/db/binary-copy.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { ProductSpans } from '../../pricing/index.ts'
import { dayOf, type Periods } from './trend-periods.ts'

/** On which of some days which stores were observed. */
export type ObservedDays = {
  /** Of each store the days with a full list. */
  full: Map<number, SeenDays>
  /** Of each store the deltas that say of a product what no full list of their day does. */
  partial: Map<number, Delta[]>
}
/** Days in their order, and the moment of the first full list of each (seconds of the epoch). */
export type SeenDays = { days: number[]; firsts: number[] }
type Delta = { id: number; day: number; at: number; products: Set<number> }

/** More than the days that can be asked for. */
const MOST_DAYS = 10_000

/** Reads what was observed of some products on some days. */
export async function readObservedDays(
  context: ReadContext,
  periods: Periods,
  products: readonly ProductSpans[],
): Promise<ObservedDays> {
  const [from = 0, to = 0] = [periods.bounds[0], periods.bounds.at(-1)]
  const lists = `from pricing.price_lists
    where observed_at >= to_timestamp(${from}) and observed_at < to_timestamp(${to})`
  const full: ObservedDays['full'] = new Map()
  await copyOut(
    context.db,
    `select store_id, min(observed_at) ${lists} and kind = 'full'
      group by store_id, (observed_at at time zone 'Asia/Jerusalem')::date order by 1, 2`,
    (row) => {
      const store = row.int4()
      const known = full.get(store) ?? { days: [], firsts: [] }
      full.set(store, known)
      const at = row.moment() / 1000
      known.days.push(dayOf(periods, at))
      known.firsts.push(at)
    },
  )
  const partial = new Map<number, Delta[]>()
  const isNeeded = needsDeltas(periods, full, products)
  await copyOut(
    context.db,
    `select id, store_id, observed_at ${lists} and kind = 'delta'`,
    (row) => {
      const [id, store, at] = [row.int4(), row.int4(), row.moment() / 1000]
      const day = dayOf(periods, at)
      if (!isNeeded(store, day, at)) return
      const known = partial.get(store) ?? []
      partial.set(store, known)
      known.push({ id, day, at, products: new Set() })
    },
  )
  await readNamed(context, [...partial.values()].flat())
  return { full, partial }
}

/**
 * A full list speaks for all of its day that it still shows, and a list that begins a span for the day of that: a delta
 * adds something on a day without a full list, or before it when it ends a span.
 */
function needsDeltas(
  periods: Periods,
  full: ObservedDays['full'],
  products: readonly ProductSpans[],
) {
  let ended: Set<number> | undefined
  return (store: number, day: number, at: number): boolean => {
    const seen = full.get(store)
    const first = seen?.firsts[seen.days.indexOf(day)]
    if (first === undefined) return true
    if (at >= first) return false
    ended ??= endedOn(periods, products)
    return ended.has(store * MOST_DAYS + day)
  }
}

/** The stores and days on which spans end, as one number. */
function endedOn(periods: Periods, products: readonly ProductSpans[]): Set<number> {
  const ended = new Set<number>()
  for (const { size, store, to } of products) {
    for (let i = 0; i < size; i++) {
      const day = to[i] === Number.POSITIVE_INFINITY ? -1 : dayOf(periods, to[i] as number)
      if (day >= 0) ended.add((store[i] as number) * MOST_DAYS + day)
    }
  }
  return ended
}

async function readNamed({ db }: ReadContext, deltas: readonly Delta[]): Promise<void> {
  if (deltas.length === 0) return
  const byId = new Map(deltas.map((delta) => [delta.id, delta]))
  const rows = await db<{ id: number; product_ids: number[] }[]>`
    select id, product_ids from pricing.price_lists where id = any(${[...byId.keys()]}::int[])`
  for (const { id, product_ids } of rows)
    for (const product of product_ids) byId.get(id)?.products.add(product)
}
