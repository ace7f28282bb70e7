import { agorotFrom, agorotTo } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { all, amongIds } from '../../../src/http/paging/conditions.ts'
import type { Sql } from '../../../src/http/paging/paging.ts'
import { unitPriceKey } from '../../catalog/index.ts'
import type { COMPARISONS, CustomQuery, Dimension, Measure } from './custom-query-schemas.ts'

/** The time range, stores and (if filtered) products of a query. */
export type Scope = {
  begin: Date
  end: Date
  stores: readonly number[]
  products: readonly number[] | undefined
}

/**
 * Compiles a query to one statement: dimension keys k0, k1, …, measures m0, m1, … (agorot), and the
 * total number of rows. The text consists of fragments of this file; values are parameters.
 */
export function buildCustomQuery(context: ReadContext, query: CustomQuery, scope: Scope): Sql {
  const { db } = context
  const { measures, dimensions = [], having = [], sort = [], limit = 100, page = 1 } = query
  const keys = dimensions.map(
    (dimension, i) => db`${keyExpression(context, dimension)} as ${db(`k${i}`)}`,
  )
  const values = measures.map((measure, i) => db`${aggregate(context, measure)} as ${db(`m${i}`)}`)
  const groups = dimensions.map((_, i) => db`${db(`k${i}`)}`)
  const columnOf = (name: string): Sql => {
    const place = measures.findIndex(({ as }) => as === name)
    const dimension = dimensions.map(String).indexOf(name)
    return place < 0 ? sortKey(context, dimensions, dimension) : db`${db(`m${place}`)}`
  }
  const isMoney = (name: string) =>
    measures.some((measure) => measure.as === name && measure.function !== 'count')
  const conditions = having.map(({ column, is, value }) => {
    const exact = isMoney(column)
      ? db`${columnOf(column)}::numeric / 100`
      : db`${columnOf(column)}::numeric`
    return db`${exact} ${db.unsafe(OPERATORS[is])} ${String(value)}::text::numeric`
  })
  const order = [
    ...sort.map(
      ({ column, direction }) =>
        db`${columnOf(column)} ${direction === 'desc' ? db`desc` : db``} nulls last`,
    ),
    ...dimensions.map((_, i) => db`${sortKey(context, dimensions, i)} nulls last`),
  ]
  return db`
    select *, count(*) over ()::integer as total from (
      select ${joinSql(context, [...keys, ...values])} from (${pricesByDay(context, query, scope)}) x
        join catalog.stores s on s.id = x.store_id left join catalog.settlements t on t.code = s.city_code
        join catalog.products c on c.id = x.product_id
      ${groups.length > 0 ? db`group by ${joinSql(context, groups)}` : db``}
    ) answer where ${all(context, conditions)}
    ${order.length > 0 ? db`order by ${joinSql(context, order)}` : db``}
    limit ${limit} offset ${(page - 1) * limit}`
}

const OPERATORS: Record<(typeof COMPARISONS)[number], string> = {
  '<': '<',
  '<=': '<=',
  '=': '=',
  '>=': '>=',
  '>': '>',
}

function joinSql({ db }: ReadContext, pieces: readonly Sql[]): Sql {
  return pieces.reduce((left, right) => db`${left}, ${right}`)
}

/** Sorts texts by their bytes, independent of the server's locale. */
function sortKey({ db }: ReadContext, dimensions: readonly Dimension[], place: number): Sql {
  const isText = ['chain', 'city', 'category', 'subcategory', 'manufacturer'].includes(
    dimensions[place] ?? '',
  )
  return isText ? db`${db(`k${place}`)} collate "C"` : db`${db(`k${place}`)}`
}

function keyExpression({ db }: ReadContext, dimension: Dimension): Sql {
  switch (dimension) {
    case 'chain':
      return db`s.chain_id`
    case 'store':
      return db`x.store_id`
    case 'city':
      return db`coalesce(s.city, t.name)`
    case 'category':
      return db`c.category`
    case 'subcategory':
      return db`c.subcategory`
    case 'manufacturer':
      return db`c.manufacturer`
    case 'product':
      return db`x.product_id`
    case 'day':
      return db`to_char(x.day, 'YYYY-MM-DD')`
    case 'week':
      return db`to_char(date_trunc('week', x.day::timestamp), 'YYYY-MM-DD')`
    case 'weekday':
      return db`(extract(dow from x.day)::integer + 1)`
    case 'month':
      return db`to_char(x.day, 'YYYY-MM')`
  }
}

function aggregate(context: ReadContext, { function: name, field, percentile = 0 }: Measure): Sql {
  const { db } = context
  const value =
    field === 'unit_price'
      ? db`round(${unitPriceKey(context, db`x.agorot`, 'c')} / 1000.0)::bigint`
      : db`x.agorot`
  switch (name) {
    case 'count':
      return field === 'price' || field === 'unit_price'
        ? db`count(${value})::float8`
        : db`count(distinct ${COUNTED[field](db)})::float8`
    case 'min':
      return db`min(${value})::float8`
    case 'max':
      return db`max(${value})::float8`
    case 'sum':
      return db`sum(${value})::float8`
    case 'mean':
      return db`round(avg(${value}))::float8`
    case 'median':
      return db`round((percentile_cont(0.5) within group (order by ${value}))::numeric)::float8`
    case 'percentile':
      // the epsilon undoes binary rounding, which could otherwise pick the next row
      return db`(percentile_disc(${percentile / 100 - 1e-12}::float8)
        within group (order by ${value}))::float8`
  }
}

const COUNTED = {
  product: (db: ReadContext['db']) => db`x.product_id`,
  store: (db: ReadContext['db']) => db`x.store_id`,
  chain: (db: ReadContext['db']) => db`s.chain_id`,
  day: (db: ReadContext['db']) => db`x.day`,
}

/**
 * One row per product, store and day in Israel on which a list of the store showed the price; of
 * several prices on a day the last. Three branches, the first of which yields nearly all rows and
 * needs no subquery: spans that outlast the day; spans that end on it; days with deltas only.
 */
function pricesByDay(
  context: ReadContext,
  query: CustomQuery,
  { begin, end, stores, products }: Scope,
): Sql {
  const { db } = context
  const { category, subcategory, manufacturer, price_min, price_max } = query.filters ?? {}
  const where = all(context, [
    products !== undefined && amongIds(context, db`p.product_id`, products),
    category !== undefined && db`f.category = any(${category})`,
    subcategory !== undefined && db`f.subcategory = any(${subcategory})`,
    manufacturer !== undefined && db`f.manufacturer = any(${manufacturer})`,
    price_min !== undefined && db`p.agorot >= ${agorotFrom(price_min)}`,
    price_max !== undefined && db`p.agorot <= ${agorotTo(price_max)}`,
  ])
  const isFiltered = [category, subcategory, manufacturer].some((names) => names !== undefined)
  const filtered = isFiltered ? db`join catalog.products f on f.id = p.product_id` : db``
  const beyond = db`coalesce(p.valid_to, 'infinity') >= d.ended`
  const deltas = db`n.store_id = d.store_id and n.kind = 'delta' and n.observed_at >= d.began and n.observed_at < d.ended`
  return db`
    with d as materialized (
      select store_id, day, day::timestamp at time zone 'Asia/Jerusalem' as began,
        (day + 1)::timestamp at time zone 'Asia/Jerusalem' as ended, min(observed_at) filter (where kind = 'full') as first_full
      from pricing.price_lists l
        cross join lateral (select (l.observed_at at time zone 'Asia/Jerusalem')::date as day) of_day
      where l.observed_at >= ${begin} and l.observed_at < ${end} and ${amongIds(context, db`l.store_id`, stores)}
      group by store_id, day
    )
    select p.product_id, p.store_id, p.agorot, d.day
    from pricing.prices p join d on d.store_id = p.store_id and p.valid_from < d.ended and ${beyond} ${filtered}
    where ${where} and (d.first_full is not null or p.valid_from >= d.began)
    union all
    select p.product_id, p.store_id, p.agorot, d.day
    from pricing.prices p join d on d.store_id = p.store_id and p.valid_to > d.began and p.valid_to < d.ended ${filtered}
    where ${where}
      and (p.valid_from >= d.began or d.first_full < p.valid_to or exists (select from pricing.price_lists n
        where ${deltas} and n.observed_at < p.valid_to and p.product_id = any(n.product_ids)))
      and not exists (select from pricing.prices n where n.product_id = p.product_id and n.store_id = p.store_id
        and n.valid_from >= p.valid_to and n.valid_from < d.ended)
    union all
    select distinct p.product_id, p.store_id, p.agorot, d.day
    from d join pricing.price_lists n on ${deltas} cross join unnest(n.product_ids) i (id)
      join pricing.prices p on p.product_id = i.id and p.store_id = d.store_id and p.valid_from < d.began and ${beyond}
      ${filtered}
    where ${where} and d.first_full is null`
}
