import { Elysia } from 'elysia'
import { queryOf } from './contract/list-query.ts'
import type { PageSizes } from './contract/page.ts'
import type { Route } from './contract/route.ts'
import { openApiOperation } from './docs/operation.ts'
import type { Handler } from './request-handlers.ts'

/** Registers the declared routes and applies the settings that all routes share. */
export function apiRoutes(
  routes: readonly Route[],
  { handlerOf, pageSizes }: { handlerOf: (route: Route) => Handler; pageSizes: PageSizes },
) {
  const app = new Elysia({ name: 'api-routes' })
  for (const declared of routes) {
    const route = { ...declared, query: queryOf(declared, pageSizes) }
    app.route(route.method, route.path, handlerOf(route), { detail: openApiOperation(route) })
  }
  return app
}
