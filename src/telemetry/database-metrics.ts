import type { ConcurrencyLimit } from '../http/concurrency-limit.ts'
import type { Family, Metrics } from './metrics.ts'
import type { QueryWatch } from './observe-queries.ts'

/** In seconds. */
const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5]

/**
 * Measures queries from their hand-over to the pool to their last row, and counts failed queries.
 */
export function countQueries(metrics: Metrics): QueryWatch {
  const seconds = metrics.histogram(
    'super_zol_database_query_duration_seconds',
    'Queries, waiting included.',
    {
      buckets: BUCKETS,
    },
  )
  const errors = metrics.counter(
    'super_zol_database_query_errors_total',
    'Queries that failed.',
    [],
  )
  errors.add([], 0)
  let inFlight = 0
  metrics.families(() => [
    {
      name: 'super_zol_database_queries_in_flight',
      help: 'Queries that run or wait for a connection.',
      type: 'gauge',
      samples: [{ value: inFlight }],
    },
  ])
  return () => {
    const began = performance.now()
    inFlight++
    return (error) => {
      inFlight--
      seconds.observe((performance.now() - began) / 1000)
      if (error !== undefined) errors.add([])
    }
  }
}

/** Metrics of requests and exports that use the connection pool or wait for a slot. */
export function describePlaces(
  metrics: Metrics,
  { pool, exports }: { pool: ConcurrencyLimit; exports: ConcurrencyLimit },
): void {
  metrics.families(() => [
    placesOf('super_zol_database_pool', 'Its size, requests in it, requests waiting.', pool),
    placesOf('super_zol_exports', 'How many there may be, run and wait.', exports),
  ])
}

function placesOf(name: string, help: string, places: ConcurrencyLimit): Family {
  const { count, taken, waiting } = places.now()
  const samples = Object.entries({ size: count, taken, waiting }).map(([of, value]) => ({
    labels: { of },
    value,
  }))
  return { name, help, type: 'gauge', samples }
}
