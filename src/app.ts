import { Elysia } from 'elysia'
import { analyticsRoutes } from '../modules/analytics/index.ts'
import { catalogRoutes } from '../modules/catalog/index.ts'
import { ingestionRoutes, RunRefused, type StartRun } from '../modules/ingestion/index.ts'
import { pricingRoutes } from '../modules/pricing/index.ts'
import type { Sql } from './db/connect.ts'
import type { Env } from './env.ts'
import { watchGeneration } from './generation.ts'
import { createAdmission } from './http/admission.ts'
import { answerHeaders } from './http/answer-headers.ts'
import { createApi } from './http/api.ts'
import { anonymous } from './http/caller.ts'
import { docsRoutes } from './http/docs.ts'
import { errorReplies } from './http/error-replies.ts'
import { healthRoutes } from './http/health.ts'
import type { DocumentedRoute } from './http/openapi.ts'
import { addressOf } from './http/peer.ts'
import { createPlaces } from './http/places.ts'
import { createRateLimit } from './limits/rate-limit.ts'
import type { Logger } from './log.ts'
import type { Redis } from './redis.ts'

/**
 * The API as a web-standard `fetch`: give it to any server. It listens to the database for new generations until
 * `sql.end()`.
 *
 * @param redis null: limits and answers are kept in memory
 * @param now the clock, in epoch milliseconds
 * @param startRun what starts the runs that admins order; without it none is started
 */
export function createApp({
  sql,
  redis = null,
  log,
  env,
  now = Date.now,
  startRun = startNone,
}: {
  sql: Sql
  redis?: Redis | null
  log: Logger
  env: Env
  now?: () => number
  startRun?: StartRun
}) {
  const rateLimit = createRateLimit(env, { redis })
  const stranger = (request: Request) => anonymous(addressOf(request, env.trustProxy))
  const unknown = (request: Request, headers: Record<string, string | number>) =>
    rateLimit.take(stranger(request), 1, headers)
  const admit = createAdmission({ identify: stranger, stranger }, rateLimit)
  const places = createPlaces({ count: env.databasePool, waitMs: env.databaseWaitSeconds * 1000 })
  const api = createApi({ sql, watch: watchGeneration(sql, log), now, admit, places })
  const known: DocumentedRoute[] = []
  const routes = () => known
  const app = new Elysia({ name: 'super-zol', normalize: false })
    .use(answerHeaders(env))
    .use(errorReplies({ log, routes, unknown }))
    .use(healthRoutes(sql, redis))
    .use(catalogRoutes(api))
    .use(pricingRoutes(api))
    .use(analyticsRoutes(api))
    .use(ingestionRoutes(api, startRun))
    .use(docsRoutes(routes))
  known.push(...app.routes)
  return app
}

async function startNone(): Promise<never> {
  throw new RunRefused('not possible', 'Cannot start a run: this server starts none')
}
