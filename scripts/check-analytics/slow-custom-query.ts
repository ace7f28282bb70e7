import type { CustomQuery } from '../../modules/analytics/index.ts'
import type { Sql } from '../../src/db/connect.ts'

/** A store's price of a product on a day: the last price in any list of that day. */
export type DayPrice = {
  product: number
  store: number
  chain: string
  city: string | null
  category: string | null
  subcategory: string | null
  manufacturer: string | null
  day: string
  agorot: number
  /** Price per kilogram, litre, metre or unit; null without plausible contents. */
  unitAgorot: number | null
  stale: boolean
}
export type Names = Record<'chain' | 'store' | 'product', Map<string | number, string | null>>

/** One row for each product, store and day, as a daily fact table would have them. */
export async function readDayPrices(sql: Sql): Promise<DayPrice[]> {
  type Row = DayPrice & { unit: string | null; quantity: string | null; weighted: boolean }
  const rows = await sql<Row[]>`
    select distinct on (p.product_id, p.store_id, x.day) p.product_id as product, p.store_id as store, s.chain_id as chain,
      coalesce(s.city, t.name) as city, c.category, c.subcategory, c.manufacturer, x.day::text as day, p.agorot,
      c.unit_of_measure as unit, c.unit_quantity as quantity, c.is_weighted as weighted,
      s.last_observed_at < g.stale_before as stale
    from core.generation g, pricing.prices p join catalog.stores s on s.id = p.store_id
      left join catalog.settlements t on t.code = s.city_code
      join catalog.products c on c.id = p.product_id
      join pricing.price_lists l on l.store_id = p.store_id and l.observed_at >= p.valid_from
        and (p.valid_to is null or l.observed_at < p.valid_to) and (l.kind = 'full' or p.product_id = any(l.product_ids))
      cross join lateral (select (l.observed_at at time zone 'Asia/Jerusalem')::date as day) x
    order by p.product_id, p.store_id, x.day, l.observed_at desc`
  return rows.map((row) => ({ ...row, unitAgorot: unitAgorotOf(row) }))
}

function unitAgorotOf(row: {
  agorot: number
  unit: string | null
  quantity: string | null
  weighted: boolean
}): number | null {
  if (row.weighted) return row.agorot
  const quantity = Number(row.quantity ?? 0)
  const isSmall = row.unit === 'gram' || row.unit === 'milliliter'
  if (row.unit === null || quantity <= 0 || (isSmall && quantity === 1)) return null
  const exact = (row.agorot * (isSmall ? 1000 : 1)) / quantity
  // rounded via thousandths, as the API rounds
  return exact > 10_000_000 ? null : Math.floor(Math.floor(exact * 1000 + 0.5) / 1000 + 0.5)
}

export async function readNames(sql: Sql): Promise<Names> {
  const read = async (from: 'chains' | 'stores' | 'products') => {
    const rows = await sql<
      { id: string | number; name: string | null }[]
    >`select id, name from ${sql(`catalog.${from}`)}`
    return new Map(rows.map(({ id, name }) => [id, name]))
  }
  return {
    chain: await read('chains'),
    store: await read('stores'),
    product: await read('products'),
  }
}

type Row = Record<string, string | number | null>

/**
 * Evaluates a query (with `from` and `to`, without filters by city or barcode) by scanning all rows
 * for each of its parts.
 */
export function slowCustomQuery(
  prices: readonly DayPrice[],
  names: Names,
  query: CustomQuery,
): Row[] {
  const { measures, dimensions = [], having = [], sort = [], limit = 100, page = 1 } = query
  const groups = Map.groupBy(
    prices.filter((price) => matchesFilters(price, query)),
    (price) => JSON.stringify(dimensions.map((dimension) => keyOf(price, dimension))),
  )
  if (dimensions.length === 0 && groups.size === 0) groups.set('[]', [])
  const answers = [...groups].map(([key, group]) => ({
    keys: JSON.parse(key) as (string | number | null)[],
    values: measures.map((measure) => aggregate(group, measure)),
  }))
  type Answer = (typeof answers)[number]
  const columnOf = ({ keys, values }: Answer, name: string) => {
    const place = measures.findIndex(({ as }) => as === name)
    return place < 0
      ? (keys[dimensions.map(String).indexOf(name)] ?? null)
      : (values[place] ?? null)
  }
  const holds = (answer: Answer) =>
    having.every(({ column, is, value }) => {
      const actual = columnOf(answer, column)
      if (typeof actual !== 'number') return false
      return {
        '<': actual < value,
        '<=': actual <= value,
        '=': actual === value,
        '>=': actual >= value,
        '>': actual > value,
      }[is]
    })
  const order = [...sort, ...dimensions.map((column) => ({ column, direction: 'asc' as const }))]
  return answers
    .filter(holds)
    .sort((a, b) => {
      for (const { column, direction } of order) {
        const [left, right] = [columnOf(a, column), columnOf(b, column)]
        if (left === right) continue
        if (left === null || right === null) return left === null ? 1 : -1
        return (left < right ? -1 : 1) * (direction === 'desc' ? -1 : 1)
      }
      return 0
    })
    .slice((page - 1) * limit, page * limit)
    .map(({ keys, values }) => {
      const keyColumns = dimensions.flatMap((dimension, i): [string, string | number | null][] => {
        const key = keys[i] ?? null
        if (dimension !== 'chain' && dimension !== 'store' && dimension !== 'product')
          return [[dimension, key]]
        return [
          [`${dimension}_id`, key],
          [dimension, key === null ? null : (names[dimension].get(key) ?? null)],
        ]
      })
      return Object.fromEntries([
        ...keyColumns,
        ...measures.map(({ as }, i) => [as, values[i] ?? null]),
      ])
    })
}

function matchesFilters(
  price: DayPrice,
  { from = '', to = '9999', filters = {}, include_stale }: CustomQuery,
): boolean {
  const among = <T>(values: readonly T[] | undefined, value: T | null) =>
    values === undefined || (value !== null && values.includes(value))
  return (
    price.day >= from &&
    price.day <= to &&
    (include_stale === true || !price.stale) &&
    among(filters.chain, price.chain) &&
    among(filters.store, price.store) &&
    among(filters.product, price.product) &&
    among(filters.category, price.category) &&
    among(filters.subcategory, price.subcategory) &&
    among(filters.manufacturer, price.manufacturer) &&
    price.agorot / 100 >= (filters.price_min ?? 0) &&
    price.agorot / 100 <= (filters.price_max ?? Number.POSITIVE_INFINITY)
  )
}

function keyOf(
  price: DayPrice,
  dimension: NonNullable<CustomQuery['dimensions']>[number],
): string | number | null {
  if (dimension === 'month') return price.day.slice(0, 7)
  if (dimension === 'weekday') return new Date(price.day).getUTCDay() + 1
  if (dimension !== 'week') return price[dimension]
  const date = new Date(price.day)
  return new Date(date.getTime() - ((date.getUTCDay() + 6) % 7) * 86_400_000)
    .toISOString()
    .slice(0, 10)
}

function aggregate(
  group: readonly DayPrice[],
  { function: of, field, percentile = 0 }: CustomQuery['measures'][number],
): number | null {
  if (of === 'count' && field !== 'price' && field !== 'unit_price')
    return new Set(group.map((price) => price[field])).size
  const prices = group
    .flatMap(({ agorot, unitAgorot }) => (field === 'unit_price' ? (unitAgorot ?? []) : agorot))
    .sort((a, b) => a - b)
  if (of === 'count') return prices.length
  const [count, sum] = [prices.length, prices.reduce((total, agorot) => total + agorot, 0)]
  if (count === 0) return null
  const at = (place: number) => prices[place] ?? 0
  const agorot = {
    min: () => at(0),
    max: () => at(count - 1),
    sum: () => sum,
    mean: () => Math.floor((2 * sum + count) / (2 * count)),
    median: () => Math.floor((at((count - 1) >> 1) + at(count >> 1) + 1) / 2),
    percentile: () => at(Math.ceil((percentile * count) / 100) - 1),
  }[of]()
  return agorot / 100
}
