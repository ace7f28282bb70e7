import { runRoutes } from './history/run-routes.ts'
import { orderRoutes } from './sources/order-routes.ts'
import { sourceRoutes } from './sources/source-routes.ts'
import type { StartRun } from './sources/start-run.ts'

/** Routes for registered datasets, loaded versions, runs and rejects. */
export function ingestionRoutes(startRun: StartRun) {
  return [...sourceRoutes, ...runRoutes, ...orderRoutes(startRun)]
}
