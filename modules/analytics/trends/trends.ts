import { setImmediate } from 'node:timers/promises'
import { invalid } from '../../../src/http/contract/app-error.ts'
import { readMoment } from '../../../src/http/contract/moment.ts'
import { meanShekels, shekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { pageRows } from '../../../src/http/paging/page-rows.ts'
import { filtersOf, type Page } from '../../../src/http/paging/paging.ts'
import { israelDate } from '../../../src/israel-time.ts'
import { findProduct, findStoreIds } from '../../catalog/index.ts'
import { readProductSpans } from '../../pricing/index.ts'
import { findProductsNamed } from '../sellers/find-products.ts'
import { readObservedDays } from './observed-days.ts'
import { countDays, dateAfter, type Granularity, periodsOf } from './trend-periods.ts'
import type { ProductTrendsQuery, Trend, TrendsQuery } from './trend-schemas.ts'
import { type PeriodPrices, trendSeries } from './trend-series.ts'

const MOST_DAYS = 1100
const MOST_PERIODS = 400
/** So many products are counted before others get their turn: about 5 ms. */
const IN_A_ROW = 400

/** @throws AppError VALIDATION_ERROR for times that are none, or too many periods */
export async function listTrends(context: ReadContext, query: TrendsQuery): Promise<Page<Trend>> {
  const rows = await context.cached(`trends ${JSON.stringify(filtersOf(query))}`, () =>
    readTrends(context, query),
  )
  return pageRows(query, rows, { name: 'trends', key: ({ period_start }) => period_start })
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
  const range = rangeOf(context, query)
  if (range === null) return []
  const { granularity = 'day', city, chain, chain_id, store_id } = query
  const periods = periodsOf(range.first, range.last, granularity)
  if (periods.starts.length > MOST_PERIODS) throw tooLong(granularity)
  const stores = await findStoreIds(context, { city, chain, chain_id })
  const [among, named] = [stores && new Set(stores), store_id && new Set(store_id)]
  const wanted = (store: number) => among?.has(store) !== false && named?.has(store) !== false

  const products = await readProductSpans(context.db, await findProductsNamed(context, query))
  const series = trendSeries(periods, await readObservedDays(context, periods, products))
  for (const [i, spans] of products.entries()) {
    series.add(spans, wanted)
    if (i % IN_A_ROW === IN_A_ROW - 1) await setImmediate()
  }
  return series.rows().map((row) => tellPeriod(row, range.last, granularity))
}

/** The days that are asked for: the last 30 of the dataset unless told otherwise; null without any. */
function rangeOf(
  { generation }: ReadContext,
  query: TrendsQuery,
): { first: string; last: string } | null {
  const newest = generation.lastObservedAt
  if (newest === null) return null
  const last = query.to === undefined ? israelDate(newest.getTime()) : dayNamed('to', query.to)
  const first = query.from === undefined ? dateAfter(last, -29) : dayNamed('from', query.from)
  if (first > last) throw invalid({ field: 'from', message: 'must not be after to' })
  if (countDays(first, last) > MOST_DAYS)
    throw invalid({ field: 'from', message: `must be at most ${MOST_DAYS} days before to` })
  return { first, last }
}

function dayNamed(field: string, text: string): string {
  return israelDate(readMoment(field, text, 'start').getTime())
}

function tooLong(granularity: Granularity): Error {
  return invalid({
    field: 'from',
    message: `must leave at most ${MOST_PERIODS} periods of a ${granularity}`,
  })
}

export function tellPeriod(row: PeriodPrices, lastDay: string, granularity: Granularity): Trend {
  const { start, counts, stores, products, matched, change } = row
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
    period_end: lastOf(start, granularity) < lastDay ? lastOf(start, granularity) : lastDay,
    min: shekels(nth(1)),
    mean: meanShekels(sum, count),
    median: meanShekels(nth((count + 1) >> 1) + nth((count >> 1) + 1), 2),
    max: shekels(nth(count)),
    price_count: count,
    store_count: stores,
    product_count: products,
    change_percent: matched === 0 ? null : Math.round(Math.expm1(change) * 10_000) / 100 + 0,
    matched_count: matched,
  }
}

function lastOf(start: string, granularity: Granularity): string {
  if (granularity === 'day') return start
  if (granularity === 'week') return dateAfter(start, 6)
  const [year = 0, month = 0] = start.split('-').map(Number)
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
}
