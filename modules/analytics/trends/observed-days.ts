import { copyOut } from '../../../src/db/binary-copy.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { ProductSpans } from '../../pricing/index.ts'
import { dayOf, type Periods } from './trend-periods.ts'

/** The requested days on which each store was observed. */
export type ObservedDays = {
  /** By store, the days with a full list. */
  full: Map<number, FullListDays>
  /** By store, the deltas that observe a price which no full list of their day shows. */
  partial: Map<number, Delta[]>
}
/** Day indexes, ascending, and when the first full list of each came (epoch seconds). */
export type FullListDays = { days: number[]; firsts: number[] }
type Delta = { id: number; day: number; at: number; products: Set<number> }

/** More days than can be requested. */
const DAY_LIMIT = 10_000

/** Reads when stores were observed within the periods. */
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
      const fullListDays = full.get(store) ?? { days: [], firsts: [] }
      full.set(store, fullListDays)
      const at = row.moment() / 1000
      fullListDays.days.push(dayOf(periods, at))
      fullListDays.firsts.push(at)
    },
  )
  const partial = new Map<number, Delta[]>()
  const isNeeded = createDeltaFilter(periods, full, products)
  await copyOut(
    context.db,
    `select id, store_id, observed_at ${lists} and kind = 'delta'`,
    (row) => {
      const [id, store, at] = [row.int4(), row.int4(), row.moment() / 1000]
      const day = dayOf(periods, at)
      if (!isNeeded(store, day, at)) return
      const deltas = partial.get(store) ?? []
      partial.set(store, deltas)
      deltas.push({ id, day, at, products: new Set() })
    },
  )
  await readDeltaProducts(context, [...partial.values()].flat())
  return { full, partial }
}

/**
 * Few deltas matter: those of days without a full list, and those before the day's first full list
 * when a span ended that day. Other prices are already observed by the full list.
 */
function createDeltaFilter(
  periods: Periods,
  full: ObservedDays['full'],
  products: readonly ProductSpans[],
) {
  let endedSpans: Set<number> | undefined
  return (store: number, day: number, at: number): boolean => {
    const fullDays = full.get(store)
    const first = fullDays?.firsts[fullDays.days.indexOf(day)]
    if (first === undefined) return true
    if (at >= first) return false
    endedSpans ??= findEndedSpans(periods, products)
    return endedSpans.has(store * DAY_LIMIT + day)
  }
}

/** The keys (store × DAY_LIMIT + day) of the days on which spans end. */
function findEndedSpans(periods: Periods, products: readonly ProductSpans[]): Set<number> {
  const endedSpans = new Set<number>()
  for (const { size, store, to } of products) {
    for (let i = 0; i < size; i++) {
      const day = to[i] === Number.POSITIVE_INFINITY ? -1 : dayOf(periods, to[i] as number)
      if (day >= 0) endedSpans.add((store[i] as number) * DAY_LIMIT + day)
    }
  }
  return endedSpans
}

async function readDeltaProducts({ db }: ReadContext, deltas: readonly Delta[]): Promise<void> {
  if (deltas.length === 0) return
  const byId = new Map(deltas.map((delta) => [delta.id, delta]))
  const rows = await db<{ id: number; product_ids: number[] }[]>`
    select id, product_ids from pricing.price_lists where id = any(${[...byId.keys()]}::int[])`
  for (const { id, product_ids } of rows)
    for (const product of product_ids) byId.get(id)?.products.add(product)
}
