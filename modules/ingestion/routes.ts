import { runRoutes } from './history/run-routes.ts'
import { orderRoutes } from './sources/order-routes.ts'
import { sourceRoutes } from './sources/source-routes.ts'
import type { StartRun } from './sources/start-run.ts'

/** What is loaded from where, what has been loaded, when, and what could not be. */
export function ingestionRoutes(startRun: StartRun) {
  return [...sourceRoutes, ...runRoutes, ...orderRoutes(startRun)]
}
