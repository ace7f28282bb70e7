import { Elysia } from 'elysia'
import { pino } from 'pino'
import { analyticsRoutes, type CustomQuery } from '../../modules/analytics/index.ts'
import type { Sql } from '../../src/db/connect.ts'
import { watchGeneration } from '../../src/db/generation.ts'
import { errorReplies } from '../../src/http/answer/error-replies.ts'
import { apiRoutes } from '../../src/http/api-routes.ts'
import { createConcurrencyLimit } from '../../src/http/concurrency-limit.ts'
import type { Caller } from '../../src/http/contract/caller.ts'
import { PAGE_SIZES } from '../../src/http/contract/page.ts'
import { createRequestHandlers } from '../../src/http/request-handlers.ts'
import { type Check, compare, type Outcome } from './check.ts'
import { readDayPrices, readNames, slowCustomQuery } from './slow-custom-query.ts'

const MEASURES: CustomQuery['measures'] = [
  { as: 'rows', function: 'count', field: 'price' },
  { as: 'products', function: 'count', field: 'product' },
  { as: 'stores', function: 'count', field: 'store' },
  { as: 'most', function: 'max', field: 'price' },
  { as: 'total', function: 'sum', field: 'price' },
  { as: 'mean', function: 'mean', field: 'price' },
  { as: 'middle', function: 'median', field: 'price' },
  { as: 'unit', function: 'mean', field: 'unit_price' },
  { as: 'with_unit', function: 'count', field: 'unit_price' },
  { as: 'p90', function: 'percentile', field: 'price', percentile: 90 },
]
const QUESTIONS: Partial<CustomQuery>[] = [
  {},
  { dimensions: ['chain', 'day'] },
  { dimensions: ['store', 'week'], sort: [{ column: 'mean', direction: 'desc' }] },
  { dimensions: ['city', 'month'], include_stale: true },
  { dimensions: ['weekday', 'product'], limit: 50, page: 3 },
  { dimensions: ['category', 'subcategory'], having: [{ column: 'stores', is: '>=', value: 2 }] },
  {
    dimensions: ['manufacturer'],
    filters: { price_min: 5, price_max: 20 },
    having: [{ column: 'mean', is: '<', value: 9 }],
  },
  { dimensions: ['product'], sort: [{ column: 'p90', direction: 'desc' }, { column: 'products' }] },
]

/**
 * Compares queries of all dimensions and measures with an evaluator over one row for each product,
 * store and day.
 */
export const customQueries: Check = {
  name: 'custom-query',
  async run({ sql }) {
    const outcome: Outcome = { compared: 0, differences: [] }
    const app = appOf(sql)
    const [prices, names] = [await readDayPrices(sql), await readNames(sql)]
    const days = prices.map(({ day }) => day).sort()
    const to = days.at(-1) ?? ''
    const from = days[Math.floor(days.length / 20)] ?? ''
    for (const question of QUESTIONS) {
      const query = { from, to, measures: MEASURES, limit: 10_000, ...question }
      const headers = { 'content-type': 'application/json' }
      const init = { method: 'POST', headers, body: JSON.stringify(query) }
      const response = await app.handle(
        new Request('http://localhost/v1/analytics/custom-query', init),
      )
      const body: { data: unknown[] } = JSON.parse(await response.text())
      compare(outcome, JSON.stringify(query), body.data, slowCustomQuery(prices, names, query))
    }
    return outcome
  },
}

/** The routes without the rest of the app, for a caller with all roles. */
function appOf(sql: Sql) {
  const log = pino({ level: 'warn' })
  const analyst: Caller = { keyId: 'check', by: 'key', role: 'analyst', address: null }
  const limit = createConcurrencyLimit({ count: 1, waitMs: 600_000 })
  const handlerOf = createRequestHandlers({
    ...{ sql, watch: watchGeneration(sql, log), now: Date.now, log },
    ...{ admit: () => analyst, audit: () => {}, cache: null, limit, readTimeoutMs: 600_000 },
    exports: { limit, timeoutMs: 600_000, rowsAnonymous: 1 },
  })
  const routes = analyticsRoutes({
    customQuery: { cost: Number.POSITIVE_INFINITY, seconds: 600 },
  })
  return new Elysia({ normalize: false })
    .use(errorReplies({ log, routes: () => [] }))
    .use(apiRoutes(routes, { handlerOf, pageSizes: PAGE_SIZES }))
}
