import type { Db } from '../../../src/db/connect.ts'
import { invalid } from '../../../src/http/contract/app-error.ts'
import { meanShekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { all, amongIds } from '../../../src/http/paging/conditions.ts'
import { type Page, readPage, type Sql } from '../../../src/http/paging/paging.ts'
import { israelDate, israelDayStart } from '../../../src/israel-time.ts'
import { findStoreIds, findStoresById } from '../../catalog/index.ts'
import { eachProductSpans } from '../../pricing/index.ts'
import { findLastObserved } from '../sellers/last-observed.ts'
import { selectProducts } from '../sellers/select-products.ts'
import { toStoreSummary } from '../sellers/store-summary.ts'
import type { PriceChange, PriceChangesQuery } from './change-schemas.ts'

/** Two days, and the moments with which they end. */
type Period = { from: string; to: string; begin: Date; end: Date }
type Row = {
  product_id: number
  store_id: number | null
  stores: number
  before: number
  after: number
  percent: number
  least: number
  most: number
  rises: number
  drops: number
  suspects: number
  name: string
  barcode: string | null
}

/** From how many times a price is suspect. */
const SUSPECT = 5

/** @throws AppError VALIDATION_ERROR for days that are none, or not in order */
export async function listPriceChanges(
  context: ReadContext,
  query: PriceChangesQuery,
): Promise<Page<PriceChange>> {
  const { db } = context
  const period = readPeriod(context, query)
  const stores = await storesOf(context, query, period)
  const products = await selectProducts(context, query)
  const among = all(context, [
    amongIds(context, db`p.store_id`, stores),
    products !== undefined && amongIds(context, db`p.product_id`, products),
  ])
  const moved = movedIn(db, { period, among })
  const changed = await db<{ product_id: number; prices: number }[]>`
    select product_id, count(*)::integer as prices from (${moved}) m where before <> after group by product_id`
  const ids = changed.map(({ product_id }) => product_id)
  const still =
    query.per === 'store' ? NONE : await addStill(context, ids, { period, stores: new Set(stores) })
  const changes = changesOf(context, query, { moved, changed: ids, still })
  const isWhole = query.direction === undefined && query.suspect === undefined
  const count =
    query.per === 'store' ? changed.reduce((sum, { prices }) => sum + prices, 0) : changed.length
  const page = await readPage<Row>(context, query, {
    name: 'price changes',
    sorts: {
      suspect: { by: db`d.suspects > 0`, type: 'boolean' },
      size: { by: db`d.size`, type: 'bigint' },
      percent: { by: db`d.percent`, type: 'bigint' },
      stores: { by: db`d.stores`, type: 'integer' },
      product_id: { by: db`d.product_id`, type: 'integer' },
      store_id: { by: db`d.store_id`, type: 'integer' },
    },
    order: ['suspect', 'size:desc'],
    unique: query.per === 'store' ? ['product_id', 'store_id'] : ['product_id'],
    total: async () =>
      isWhole ? count : Number((await db`select count(*) from (${changes}) d`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      with page as materialized (select d.*, ${keys} from (${changes}) d where true ${after} order by ${order} ${limit})
      select d.*, d.percent::float8 as percent, p.name, case when p.chain_id is null then p.code end as barcode
      from page d join catalog.products p on p.id = d.product_id order by ${order}`,
  })
  const told = await findStoresById(context, [
    ...new Set(page.rows.flatMap(({ store_id }) => store_id ?? [])),
  ])
  const toChange = (row: Row): PriceChange => ({
    product: { id: row.product_id, name: row.name, barcode: row.barcode },
    store: row.store_id === null ? null : toStoreSummary(told, row.store_id),
    stores: row.stores,
    from_price: meanShekels(row.before, row.stores),
    to_price: meanShekels(row.after, row.stores),
    percent: row.percent / 100,
    least_percent: row.least / 100,
    most_percent: row.most / 100,
    rises: row.rises,
    drops: row.drops,
    suspect_stores: row.suspects,
    suspect: row.suspects > 0,
    from_date: period.from,
    to_date: period.to,
  })
  return { ...page, rows: page.rows.map(toChange) }
}

function readPeriod({ generation }: ReadContext, { from, to, days }: PriceChangesQuery): Period {
  if (from !== undefined && days !== undefined)
    throw invalid({ field: 'days', message: 'cannot be used with from' })
  const last = to ?? israelDate(generation.lastObservedAt?.getTime() ?? 0)
  const first =
    from ?? new Date(Date.parse(last) - (days ?? 7) * 86_400_000).toISOString().slice(0, 10)
  const [begin, end] = [israelDayStart(first, 1), israelDayStart(last, 1)]
  if (begin >= end) throw invalid({ field: 'from', message: 'must be before to' })
  return { from: first, to: last, begin, end }
}

/** The stores that were observed until the end of the first day, not long before it, and again until that of the last. */
async function storesOf(
  context: ReadContext,
  query: PriceChangesQuery,
  { begin, end }: Period,
): Promise<number[]> {
  const { city, chain, chain_id, store_id, include_stale } = query
  const asked = await findStoreIds(context, { city, chain, chain_id, store_id })
  const [before, after] = await Promise.all(
    [begin, end].map((asOf) => findLastObserved(context, { asOf, whole: true })),
  )
  if (before === undefined || after === undefined) return []
  return (asked ?? [...after.lastSeen.keys()]).filter((id) => {
    const isSeen = before.lastSeen.has(id) && (after.lastSeen.get(id) ?? 0) >= begin.getTime()
    return isSeen && (include_stale || !(before.stale.has(id) || after.stale.has(id)))
  })
}

/** The prices that moved (or were away in between): one that holds first, and ends before the other, which holds last. */
function movedIn(db: Db, { period: { begin, end }, among }: { period: Period; among: Sql }): Sql {
  return db`
    select p.product_id, p.store_id, p.agorot as before, l.agorot as after
    from pricing.prices p join pricing.prices l
      on l.product_id = p.product_id and l.store_id = p.store_id and l.valid_from >= p.valid_to
    where ${among} and p.valid_from < ${begin} and p.valid_to >= ${begin} and p.valid_to < ${end}
      and l.valid_from < ${end} and (l.valid_to is null or l.valid_to >= ${end})`
}

/** Of products how many prices hold at both ends, and their sum: column by column. */
type Still = { product: number[]; prices: number[]; agorot: number[] }
const NONE: Still = { product: [], prices: [], agorot: [] }

/** The prices of some products that hold from the one end to the other: many, and packed by product. */
async function addStill(
  { db }: ReadContext,
  products: readonly number[],
  { period, stores }: { period: Period; stores: ReadonlySet<number> },
): Promise<Still> {
  const still: Still = { product: [], prices: [], agorot: [] }
  const [begin, end] = [period.begin.getTime() / 1000, period.end.getTime() / 1000]
  await eachProductSpans(db, products, ({ productId, size, store, from, to, agorot }) => {
    let [prices, sum] = [0, 0]
    for (let i = 0; i < size; i++) {
      if (
        (from[i] as number) >= begin ||
        (to[i] as number) < end ||
        !stores.has(store[i] as number)
      )
        continue
      prices++
      sum += agorot[i] as number
    }
    still.product.push(productId)
    still.prices.push(prices)
    still.agorot.push(sum)
  })
  return still
}

/** What moved, with the prices of the same products that held still. */
function changesOf(
  { db }: ReadContext,
  { per, direction, suspect }: PriceChangesQuery,
  { moved, changed, still }: { moved: Sql; changed: readonly number[]; still: Still },
): Sql {
  const perStore = per === 'store'
  return db`
    with summed as (
      select product_id, ${perStore ? db`store_id` : db`null::integer as store_id`}, count(*) as stores,
        sum(before) as before, sum(after) as after, min(${percentOf(db`before`, db`after`)}) as least,
        max(${percentOf(db`before`, db`after`)}) as most, (count(*) filter (where after > before))::integer as rises,
        (count(*) filter (where after < before))::integer as drops,
        (count(*) filter (where greatest(after, before) >= ${SUSPECT} * least(after, before)::bigint))::integer as suspects
      from (${moved}) m
      where ${perStore ? db`before <> after` : db`product_id = any(${[...changed]}::int[])`}
      group by product_id ${perStore ? db`, store_id` : db``}
    ), whole as (
      select product_id, store_id, (m.stores + coalesce(s.prices, 0))::integer as stores,
        (m.before + coalesce(s.agorot, 0))::float8 as before, (m.after + coalesce(s.agorot, 0))::float8 as after,
        case when s.prices > 0 then least(m.least, 0) else m.least end as least,
        case when s.prices > 0 then greatest(m.most, 0) else m.most end as most, rises, drops, suspects
      from summed m left join unnest(${still.product}::int[], ${still.prices}::int[], ${still.agorot}::float8[])
        as s (product_id, prices, agorot) using (product_id)
    )
    select *, ${percentOf(db`before`, db`after`)}::bigint as percent,
      round(10000 * greatest(after, before)::numeric / least(after, before)::numeric)::bigint as size
    from whole
    where ${direction === undefined ? db`true` : direction === 'rise' ? db`after > before` : db`after < before`}
      and ${suspect === undefined ? db`true` : db`(suspects > 0) = ${suspect}`}`

  /** In hundredths of a percent, rounded half up. */
  function percentOf(before: Sql, after: Sql): Sql {
    return db`floor(10000 * (${after} - ${before})::float8 / ${before} + 0.5)`
  }
}
