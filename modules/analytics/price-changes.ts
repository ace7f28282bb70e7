import type { Static } from '@sinclair/typebox'
import { invalid } from '../../src/http/app-error.ts'
import { all, amongIds } from '../../src/http/conditions.ts'
import { readMoment } from '../../src/http/moment.ts'
import { meanShekels } from '../../src/http/money.ts'
import { type Page, readPage, type Sql } from '../../src/http/paging.ts'
import type { View } from '../../src/http/view.ts'
import { israelDate } from '../../src/israel-time.ts'
import { findStoreIds, findStoresById } from '../catalog/index.ts'
import type { PriceChange, priceChangeList } from './change-schemas.ts'
import { findProductsNamed } from './find-products.ts'
import { findSightings } from './sightings.ts'
import { tellStore } from './snippets.ts'

type Query = Static<typeof priceChangeList.query>
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
export async function listPriceChanges(view: View, query: Query): Promise<Page<PriceChange>> {
  const { db } = view
  const period = readPeriod(view, query)
  const stores = await storesOf(view, query, period)
  const products = await findProductsNamed(view, query)
  const among = all(view, [
    amongIds(view, db`p.store_id`, stores),
    products !== undefined && amongIds(view, db`p.product_id`, products),
  ])
  const changes = changesOf(view, query, { period, among })
  const page = await readPage<Row>(view, query, {
    name: 'price changes',
    sorts: {
      suspect: { by: db`d.suspects > 0`, type: 'boolean' },
      size: { by: db`d.size`, type: 'bigint' },
      percent: { by: db`d.percent`, type: 'integer' },
      stores: { by: db`d.stores`, type: 'integer' },
      product_id: { by: db`d.product_id`, type: 'integer' },
      store_id: { by: db`d.store_id`, type: 'integer' },
    },
    order: ['suspect', 'size:desc'],
    unique: query.per === 'store' ? ['product_id', 'store_id'] : ['product_id'],
    total: async () => Number((await db`select count(*) from (${changes}) d`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      with page as materialized (select d.*, ${keys} from (${changes}) d where true ${after} order by ${order} ${limit})
      select d.*, p.name, case when p.chain_id is null then p.code end as barcode
      from page d join catalog.products p on p.id = d.product_id order by ${order}`,
  })
  const told = await findStoresById(view, [...new Set(page.rows.flatMap(({ store_id }) => store_id ?? []))])
  const toChange = (row: Row): PriceChange => ({
    product: { id: row.product_id, name: row.name, barcode: row.barcode },
    store: row.store_id === null ? null : tellStore(told, row.store_id),
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

function readPeriod({ generation }: View, { from, to, days }: Query): Period {
  if (from !== undefined && days !== undefined) throw invalid({ field: 'days', message: 'cannot be used with from' })
  const last = to ?? israelDate(generation.lastObservedAt?.getTime() ?? 0)
  const end = readMoment('to', last, 'end')
  const first = from ?? new Date(Date.parse(last) - (days ?? 7) * 86_400_000).toISOString().slice(0, 10)
  const begin = readMoment('from', first, 'end')
  if (begin >= end) throw invalid({ field: 'from', message: 'must be before to' })
  return { from: first, to: last, begin, end }
}

/** The stores that were observed until the end of the first day, not long before it, and again until that of the last. */
async function storesOf(view: View, query: Query, { begin, end }: Period): Promise<number[]> {
  const { city, chain, chain_id, store_id, include_stale } = query
  const asked = await findStoreIds(view, { city, chain, chain_id, store_id })
  const [before, after] = await Promise.all([begin, end].map((asOf) => findSightings(view, { asOf, whole: true })))
  if (before === undefined || after === undefined) return []
  return (asked ?? [...after.lastSeen.keys()]).filter((id) => {
    const isSeen = before.lastSeen.has(id) && (after.lastSeen.get(id) ?? 0) >= begin.getTime()
    return isSeen && (include_stale || !(before.stale.has(id) || after.stale.has(id)))
  })
}

/**
 * What changed: prices that hold at both ends are the same there, so only those of products of which another one moved are
 * added up.
 */
function changesOf(
  { db }: View,
  { per, direction, suspect }: Query,
  { period: { begin, end }, among }: { period: Period; among: Sql },
): Sql {
  const perStore = per === 'store'
  const [holdsFirst, holdsLast] = [heldAt(begin), heldAt(end)]
  return db`
    with first as (select p.* from pricing.prices p where ${among} and ${holdsFirst} and p.valid_to < ${end}),
    last as (select p.* from pricing.prices p where ${among} and ${holdsLast} and p.valid_from >= ${begin}),
    moved as materialized (select product_id, store_id, f.agorot as before, l.agorot as after
      from first f join last l using (product_id, store_id)),
    changed as (select distinct product_id from moved where before <> after),
    pair as (
      select * from moved where ${perStore ? db`before <> after` : db`product_id in (select product_id from changed)`}
      union all
      select p.product_id, p.store_id, p.agorot, p.agorot from pricing.prices p join changed using (product_id)
      where ${!perStore} and ${among} and ${holdsFirst} and ${holdsLast}
    ), summed as (
      select product_id, ${perStore ? db`store_id` : db`null::integer as store_id`}, count(*)::integer as stores,
        sum(before)::float8 as before, sum(after)::float8 as after,
        ${percentOf(db`sum(before)`, db`sum(after)`)} as percent,
        min(${percentOf(db`before`, db`after`)}) as least, max(${percentOf(db`before`, db`after`)}) as most,
        (count(*) filter (where after > before))::integer as rises, (count(*) filter (where after < before))::integer as drops,
        (count(*) filter (where greatest(after, before) >= ${SUSPECT} * least(after, before)::bigint))::integer as suspects,
        round(10000 * greatest(sum(after), sum(before))::numeric / least(sum(after), sum(before)))::bigint as size
      from pair group by product_id ${perStore ? db`, store_id` : db``}
    )
    select * from summed
    where ${direction === undefined ? db`true` : direction === 'rise' ? db`after > before` : db`after < before`}
      and ${suspect === undefined ? db`true` : db`(suspects > 0) = ${suspect}`}`

  function heldAt(moment: Date): Sql {
    return db`p.valid_from < ${moment} and (p.valid_to is null or p.valid_to >= ${moment})`
  }

  /** In hundredths of a percent, rounded half up. */
  function percentOf(before: Sql, after: Sql): Sql {
    return db`floor(10000 * (${after} - ${before})::numeric / ${before} + 0.5)::integer`
  }
}
