import type { Sql } from '../../src/db/connect.ts'
import { israelDate, israelMoment } from '../../src/israel-time.ts'

/** A span of a price, or of a promotion's terms, in epoch milliseconds. */
type Held = { from: number; to: number }
type Terms = Held & {
  id: number
  unit_agorot: number | null
  unit_off: number | null
  unit_rate: number | null
  first: string
  last: string
}

/** The dataset as rows in memory, to compute expected responses without the product's SQL. */
export type SlowMarket = {
  products: Map<number, { chain_id: string | null }>
  stores: Map<number, { chain_id: string; stale: boolean }>
  /** The days in Israel on which a store was observed, ascending. */
  days: Map<number, string[]>
  /** The times of a store's price lists, ascending. */
  lists: Map<number, number[]>
  /** Milliseconds after an observation during which a store is fresh. */
  freshFor: number
  /** The prices of a store by product. */
  prices: Map<number, Map<number, (Held & { agorot: number })[]>>
  /** The price of one unit in a store at the end of a day; undefined if it is not sold. */
  unitPrice(
    store: number,
    product: number,
    day: string,
  ): { agorot: number; shelf: number; terms: number | null } | undefined
  /** The newest observed day. */
  today: string
}

const ms = 'extract(epoch from %) * 1000'
const moment = (column: string) => ms.replace('%', column)

/** Reads the whole dataset, which must fit into memory. */
export async function readSlowMarket(sql: Sql): Promise<SlowMarket> {
  const [generation] = await sql<
    { at: Date; stale_before: Date }[]
  >`select last_observed_at as at, stale_before from core.generation`
  const today = israelDate(generation?.at.getTime() ?? 0)
  const products = await sql<{ id: number; chain_id: string | null; is_weighted: boolean }[]>`
    select id, chain_id, is_weighted from catalog.products`
  const stores = await sql<{ id: number; chain_id: string; stale: boolean }[]>`
    select s.id, s.chain_id, coalesce(last_observed_at < ${generation?.stale_before ?? new Date(0)}, true) as stale from catalog.stores s`
  const lists = await sql.unsafe<{ store_id: number; at: number }[]>(
    `select store_id, (${moment('observed_at')})::float8 as at from pricing.price_lists order by observed_at`,
  )
  const spans = await sql.unsafe<
    { product_id: number; store_id: number; agorot: number; from: number; to: number | null }[]
  >(
    `select product_id, store_id, agorot, (${moment('valid_from')})::float8 as from, (${moment('valid_to')})::float8 as to from pricing.prices`,
  )
  const days = new Map<number, string[]>()
  const moments = new Map<number, number[]>()
  for (const { store_id, at } of lists) {
    const storeDays = days.get(store_id) ?? []
    if (storeDays.at(-1) !== israelDate(at)) days.set(store_id, [...storeDays, israelDate(at)])
    moments.set(store_id, [...(moments.get(store_id) ?? []), at])
  }
  const prices: SlowMarket['prices'] = new Map()
  for (const { product_id, store_id, agorot, from, to } of spans) {
    add(prices, [store_id, product_id], { agorot, from, to: to ?? Number.POSITIVE_INFINITY })
  }
  const weighed = new Set(products.filter((product) => product.is_weighted).map(({ id }) => id))
  const promotions = await readTerms(sql, weighed)
  const unitPrice: SlowMarket['unitPrice'] = (store, product, day) => {
    const end = endOf(day)
    const shelf = prices
      .get(store)
      ?.get(product)
      ?.find((span) => span.from < end && span.to >= end)?.agorot
    if (shelf === undefined) return undefined
    let best = { agorot: shelf, shelf, terms: null as number | null, last: '' }
    for (const terms of promotions.get(store)?.get(product) ?? []) {
      if (terms.from >= end || terms.to < end || day < terms.first || day > terms.last) continue
      const off = Math.floor((shelf * (10_000 - (terms.unit_rate ?? 0)) + 5000) / 10_000)
      const agorot = terms.unit_agorot ?? (terms.unit_off === null ? off : shelf - terms.unit_off)
      const isBetter =
        agorot < best.agorot ||
        (agorot === best.agorot && best.terms !== null && terms.last > best.last)
      if (agorot > 0 && isBetter) best = { agorot, shelf, terms: terms.id, last: terms.last }
    }
    return best
  }
  return {
    products: new Map(products.map((product) => [product.id, product])),
    stores: new Map(stores.map((store) => [store.id, store])),
    ...{ days, prices, unitPrice, today, lists: moments },
    freshFor: Number(generation?.at) - Number(generation?.stale_before),
  }
}

/**
 * Promotion terms by store and product. Those of a store's first list also count for the time
 * before it.
 */
async function readTerms(
  sql: Sql,
  weighed: ReadonlySet<number>,
): Promise<Map<number, Map<number, Terms[]>>> {
  type Row = Omit<Terms, 'from' | 'to' | 'first' | 'last'> & {
    store_id: number
    from: number
    to: number | null
    first_list: number
    starts: number | null
    ends: number | null
    unit_goods: string
    product_ids: number[]
  }
  const rows = await sql.unsafe<Row[]>(`
    select t.id, t.unit_agorot, t.unit_off, t.unit_rate, t.unit_goods, t.product_ids, s.store_id,
      (${moment('s.valid_from')})::float8 as from, (${moment('s.valid_to')})::float8 as to, (${moment('t.starts_at')})::float8 as starts,
      (${moment('t.ends_at')})::float8 as ends, (${moment('f.at')})::float8 as first_list
    from pricing.promotions s join pricing.promotion_terms t on t.id = s.terms_id
      join (select store_id, min(observed_at) as at from pricing.promotion_lists group by 1) f on f.store_id = s.store_id
    where t.unit_goods is not null`)
  const byStore = new Map<number, Map<number, Terms[]>>()
  for (const { store_id, product_ids, unit_goods, starts, ends, first_list, ...row } of rows) {
    const terms = {
      ...row,
      from: row.from > first_list ? row.from : Number.NEGATIVE_INFINITY,
      to: row.to ?? Number.POSITIVE_INFINITY,
      first: starts === null ? '' : israelDate(starts),
      last: ends === null ? '9999' : israelDate(ends),
    }
    for (const product of product_ids) {
      const suits = unit_goods === 'any' || weighed.has(product) === (unit_goods === 'weighed')
      if (suits) add(byStore, [store_id, product], terms)
    }
  }
  return byStore
}

function add<T>(
  to: Map<number, Map<number, T[]>>,
  [outer, inner]: [number, number],
  value: T,
): void {
  const within = to.get(outer) ?? new Map<number, T[]>()
  to.set(outer, within)
  const values = within.get(inner)
  if (values === undefined) within.set(inner, [value])
  else values.push(value)
}

/** The time at which a day in Israel ends. */
export function endOf(day: string): number {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  return israelMoment(year, month, date + 1)
}

export function daysBefore(day: string, count: number): string {
  return new Date(Date.parse(day) - count * 86_400_000).toISOString().slice(0, 10)
}

/** The median: the mean of the two middle values, rounded half up. */
export function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b)
  const count = ascending.length
  return Math.floor(((ascending[(count - 1) >> 1] ?? 0) + (ascending[count >> 1] ?? 0) + 1) / 2)
}
