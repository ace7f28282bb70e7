import { setImmediate } from 'node:timers/promises'
import { invalid } from '../../../src/http/contract/app-error.ts'
import { readMoment } from '../../../src/http/contract/moment.ts'
import { meanShekels, shekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { pageRows } from '../../../src/http/paging/page-rows.ts'
import { filtersOf, type Page } from '../../../src/http/paging/paging.ts'
import { israelDate } from '../../../src/israel-time.ts'
import { findProduct, findStoreIds, storeFilterOf } from '../../catalog/index.ts'
import { readProductSpans } from '../../pricing/index.ts'
import { selectProducts } from '../sellers/select-products.ts'
import { readObservedDays } from './observed-days.ts'
import { countDays, dateAfter, type Granularity, listPeriods } from './trend-periods.ts'
import type { ProductTrendsQuery, Trend, TrendsQuery } from './trend-schemas.ts'
import { createTrendSeries, type PeriodPrices } from './trend-series.ts'

const MAX_DAYS = 1100
const MAX_PERIODS = 400
/** Products aggregated before yielding to the event loop, about 5 ms. */
const PRODUCTS_PER_TURN = 400

/** @throws AppError VALIDATION_ERROR for invalid dates or too many periods */
export async function listTrends(context: ReadContext, query: TrendsQuery): Promise<Page<Trend>> {
  const rows = await context.cached(`trends ${JSON.stringify(filtersOf(query))}`, () =>
    readTrends(context, query),
  )
  return pageRows(context, query, {
    ...{ name: 'trends', rows },
    key: ({ period_start }) => period_start,
  })
}

/** @throws AppError PRODUCT_NOT_FOUND, or VALIDATION_ERROR as `listTrends` */
export async function listProductTrends(
  context: ReadContext,
  query: ProductTrendsQuery,
): Promise<Page<Trend>> {
  const { id } = await findProduct(context, { id: query.product_id })
  return listTrends(context, { ...query, product_id: [id] })
}

async function readTrends(context: ReadContext, query: TrendsQuery): Promise<Trend[]> {
  const range = readRange(context, query)
  if (range === null) return []
  const { granularity = 'day', store_id } = query
  const periods = listPeriods(range.first, range.last, granularity)
  if (periods.starts.length > MAX_PERIODS) throw tooManyPeriods(granularity)
  const stores = await findStoreIds(context, storeFilterOf(query))
  const [among, named] = [stores && new Set(stores), store_id && new Set(store_id)]
  const wanted = (store: number) => among?.has(store) !== false && named?.has(store) !== false

  const products = await readProductSpans(context.db, await selectProducts(context, query))
  const series = createTrendSeries(periods, await readObservedDays(context, periods, products))
  for (const [i, spans] of products.entries()) {
    series.add(spans, wanted)
    if (i % PRODUCTS_PER_TURN === PRODUCTS_PER_TURN - 1) await setImmediate()
  }
  const rows = series.rows()
  const isThin = thinPeriods(rows)
  return rows.map((row, i) => ({ ...toTrend(row, range.last, granularity), thin: isThin(i) }))
}

/** The requested days, by default the dataset's last 30; null for an empty dataset. */
function readRange(
  { generation }: ReadContext,
  query: TrendsQuery,
): { first: string; last: string } | null {
  const newest = generation.lastObservedAt
  if (newest === null) return null
  const last = query.to === undefined ? israelDate(newest.getTime()) : readDay('to', query.to)
  const first = query.from === undefined ? dateAfter(last, -29) : readDay('from', query.from)
  if (first > last) throw invalid({ field: 'from', message: 'must not be after to' })
  if (countDays(first, last) > MAX_DAYS)
    throw invalid({ field: 'from', message: `must be at most ${MAX_DAYS} days before to` })
  return { first, last }
}

function readDay(field: string, text: string): string {
  return israelDate(readMoment(field, text, 'start').getTime())
}

function tooManyPeriods(granularity: Granularity): Error {
  return invalid({
    field: 'from',
    message: `must leave at most ${MAX_PERIODS} periods of a ${granularity}`,
  })
}

/**
 * A period is thin if it has under half the series of the fullest period, or if under half of its
 * series match.
 */
export function thinPeriods(rows: readonly PeriodPrices[]): (index: number) => boolean {
  const most = Math.max(...rows.map(({ series }) => series))
  return (index) => {
    const { series, matched } = rows[index] as PeriodPrices
    return 2 * series < most || (index > 0 && 2 * matched < series)
  }
}

export function toTrend(
  row: PeriodPrices,
  lastDay: string,
  granularity: Granularity,
): Omit<Trend, 'thin'> {
  const { start, counts, stores, products, series, matched, change } = row
  const count = counts.reduce((total, { count }) => total + count, 0)
  const sum = counts.reduce((total, { agorot, count }) => total + agorot * count, 0)
  const nth = (n: number): number => {
    let left = n
    for (const { agorot, count } of counts) {
      left -= count
      if (left <= 0) return agorot
    }
    return 0
  }
  return {
    period_start: start,
    period_end: lastDayOf(start, granularity) < lastDay ? lastDayOf(start, granularity) : lastDay,
    change_percent: matched === 0 ? null : Math.round(Math.expm1(change) * 10_000) / 100 + 0,
    matched_count: matched,
    series_count: series,
    min: shekels(nth(1)),
    mean: meanShekels(sum, count),
    median: meanShekels(nth((count + 1) >> 1) + nth((count >> 1) + 1), 2),
    max: shekels(nth(count)),
    price_count: count,
    store_count: stores,
    product_count: products,
  }
}

function lastDayOf(start: string, granularity: Granularity): string {
  if (granularity === 'day') return start
  if (granularity === 'week') return dateAfter(start, 6)
  const [year = 0, month = 0] = start.split('-').map(Number)
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
}
