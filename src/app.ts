import { Elysia } from 'elysia'
import { analyticsRoutes } from '../modules/analytics/index.ts'
import { catalogRoutes } from '../modules/catalog/index.ts'
import { ingestionRoutes, RunRefused, type StartRun } from '../modules/ingestion/index.ts'
import { pricingRoutes } from '../modules/pricing/index.ts'
import type { Sql } from './db/connect.ts'
import type { Env } from './env.ts'
import { watchGeneration } from './generation.ts'
import { createApi } from './http/api.ts'
import { anonymous, noteCaller, requireRole } from './http/caller.ts'
import { docsRoutes } from './http/docs.ts'
import type { Endpoint } from './http/endpoint.ts'
import { errorReplies } from './http/error-replies.ts'
import { healthRoutes } from './http/health.ts'
import type { DocumentedRoute } from './http/openapi.ts'
import { addressOf } from './http/peer.ts'
import type { Logger } from './log.ts'

/**
 * The API as a web-standard `fetch`: give it to any server. It listens to the database for new generations until
 * `sql.end()`.
 *
 * @param now the clock, in epoch milliseconds
 * @param startRun what starts the runs that admins order; without it none is started
 */
export function createApp({
  sql,
  log,
  env,
  now = Date.now,
  startRun = startNone,
}: {
  sql: Sql
  log: Logger
  env: Env
  now?: () => number
  startRun?: StartRun
}) {
  const admit = ({ request }: { request: Request }, { role }: Endpoint) => {
    const caller = anonymous(addressOf(request, env.trustProxy))
    noteCaller(request, caller)
    requireRole(caller, role)
    return caller
  }
  const api = createApi({ sql, watch: watchGeneration(sql, log), now, admit })
  const known: DocumentedRoute[] = []
  const routes = () => known
  const app = new Elysia({ name: 'super-zol', normalize: false })
    .use(errorReplies({ log, routes }))
    .use(healthRoutes(sql))
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
