import { Elysia } from 'elysia'
import { analyticsRoutes } from '../modules/analytics/index.ts'
import { catalogRoutes } from '../modules/catalog/index.ts'
import { ingestionRoutes, lastRuns, RunRefused, type StartRun } from '../modules/ingestion/index.ts'
import { pricingRoutes } from '../modules/pricing/index.ts'
import { createAdmission } from './auth/admission.ts'
import { createAuditTrail } from './auth/audit-trail.ts'
import { createIdentification } from './auth/identify.ts'
import { createKeyring } from './auth/keyring.ts'
import { authRoutes } from './auth/routes.ts'
import { createTokens } from './auth/tokens.ts'
import { createAnswerCache } from './cache/answer-cache.ts'
import type { Redis } from './cache/redis.ts'
import type { Sql } from './db/connect.ts'
import { watchGeneration } from './db/generation.ts'
import type { Env } from './env.ts'
import { answerHeaders } from './http/answer/answer-headers.ts'
import { errorReplies } from './http/answer/error-replies.ts'
import { apiRoutes } from './http/api-routes.ts'
import { createConcurrencyLimit } from './http/concurrency-limit.ts'
import { PAGE_SIZES } from './http/contract/page.ts'
import { docsRoutes } from './http/docs/docs.ts'
import type { DocumentedRoute } from './http/docs/openapi.ts'
import { healthRoutes } from './http/health.ts'
import { createRequestHandlers } from './http/request-handlers.ts'
import { createRateLimit } from './limits/rate-limit.ts'
import type { Logger } from './log.ts'
import { describeCache } from './telemetry/cache-metrics.ts'
import { countQueries, describePlaces } from './telemetry/database-metrics.ts'
import { describeDataset } from './telemetry/dataset-metrics.ts'
import { describeLimits } from './telemetry/limit-metrics.ts'
import { createMetrics, type Metrics } from './telemetry/metrics.ts'
import { metricsRoutes } from './telemetry/metrics-routes.ts'
import { observeQueries } from './telemetry/observe-queries.ts'
import { observeRequests } from './telemetry/observe-requests.ts'
import type { Tracer } from './telemetry/tracer.ts'

type Parts = {
  sql: Sql
  /** The Redis client. With null, limits and answers are kept in memory. */
  redis?: Redis | null
  log: Logger
  env: Env
  /** The clock, in epoch milliseconds. */
  now?: () => number
  /** Starts the runs that admins request. Without it no runs can be started. */
  startRun?: StartRun
  /** The logger for request lines. */
  requestLog?: Logger
  metrics?: Metrics
  tracer?: Tracer | null
  /** Aborted before the process stops. The app is then not ready, but still answers. */
  stopping?: AbortSignal
}

/**
 * Creates the API as a web-standard `fetch` handler. It listens to the database for new generations
 * until `sql.end()`.
 */
export function createApp({
  sql,
  redis = null,
  log,
  env,
  now = Date.now,
  startRun = startNone,
  requestLog = log,
  metrics = createMetrics(),
  tracer = null,
  stopping = new AbortController().signal,
}: Parts) {
  const counted = observeQueries(sql, countQueries(metrics))
  const db = tracer === null ? counted : observeQueries(counted, tracer.watch)
  const watch = watchGeneration(db, log)
  const rateLimit = createRateLimit(env, { redis })
  const keyring = createKeyring(db, { log, now })
  const tokens = createTokens(db, { secret: env.jwtSecret, now })
  const who = createIdentification({ keyring, tokens, env, now })
  const unknown = (request: Request, headers: Record<string, string | number>) =>
    rateLimit.take(who.stranger(request), 1, headers)
  const limit = createConcurrencyLimit({
    count: env.databasePool,
    waitMs: env.databaseWaitSeconds * 1000,
  })
  const exports = {
    limit: createConcurrencyLimit({
      count: env.exportsAtOnce,
      waitMs: env.databaseWaitSeconds * 1000,
    }),
    timeoutMs: env.exportTimeoutSeconds * 1000,
    rowsAnonymous: env.exportRowsAnonymous,
  }
  const cache = createAnswerCache(env.cacheMb, { redis })
  const handlerOf = createRequestHandlers({
    admit: createAdmission(who, rateLimit),
    audit: createAuditTrail(db, { log, env, now }),
    cache,
    limit,
    ...{ sql: db, watch, now, log, exports },
    readTimeoutMs: env.queryTimeoutSeconds > 0 ? 2000 * env.queryTimeoutSeconds + 1000 : 120_000,
  })
  const routes = [
    ...catalogRoutes,
    ...pricingRoutes,
    ...analyticsRoutes({
      customQuery: { cost: env.customQueryCost, seconds: env.customQuerySeconds },
    }),
    ...ingestionRoutes(startRun),
    ...authRoutes({ keyring, tokens, now }),
  ]
  const registered: DocumentedRoute[] = []
  const registeredRoutes = () => registered
  // without this, Elysia misreads the path after a host of three letters, such as `api`
  const app = new Elysia({
    name: 'super-zol',
    normalize: false,
    handler: { standardHostname: false },
  })
    .use(observeRequests({ metrics, log: requestLog, hops: env.trustProxy, tracer }))
    .use(answerHeaders(env))
    .use(errorReplies({ log, routes: registeredRoutes, unknown }))
    .use(healthRoutes(watch, { redis, stopping }))
    .use(apiRoutes(routes, { handlerOf, pageSizes: PAGE_SIZES }))
    .use(
      docsRoutes({
        routes: registeredRoutes,
        mode: env.authMode,
        hops: env.trustProxy,
        generation: watch.current,
      }),
    )
  describeDataset(metrics, { generation: watch.current, runs: () => lastRuns(db) })
  describeCache(metrics, cache)
  describePlaces(metrics, { pool: limit, exports: exports.limit })
  describeLimits(metrics, rateLimit, redis)
  if (env.metricsPort === null) app.use(metricsRoutes(metrics))
  registered.push(...app.routes)
  return app
}

async function startNone(): Promise<never> {
  throw new RunRefused('not possible', 'Cannot start a run: this server starts none')
}
