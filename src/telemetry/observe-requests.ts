import { Elysia } from 'elysia'
import { callerOf } from '../http/contract/caller.ts'
import { addressOf } from '../http/peer.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from './metrics.ts'
import { traceParentOf } from './trace-parent.ts'
import type { RequestSpan, Tracer } from './tracer.ts'

/**
 * In seconds. A cached answer takes less than the first bucket, a healthy request less than the
 * last.
 */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** Routes that machines poll every few seconds. They are logged at debug level unless they fail. */
const CHATTER = /^\/(health|metrics)/

type Watching = { metrics: Metrics; log: Logger; hops: number; tracer: Tracer | null }

/**
 * Counts every request, measures the time until its answer begins, and writes a log line. Must be
 * registered before any route.
 *
 * @param hops the number of trusted proxies in front (`TRUST_PROXY`)
 */
export function observeRequests({ metrics, log, hops, tracer }: Watching) {
  const requests = metrics.counter(
    'super_zol_http_requests_total',
    'Requests that were answered.',
    ['method', 'route', 'status'],
  )
  const seconds = metrics.histogram(
    'super_zol_http_request_duration_seconds',
    'Until an answer began.',
    {
      buckets: BUCKETS,
      labels: ['method', 'route'],
    },
  )
  const sent = metrics.counter(
    'super_zol_http_response_bytes_total',
    'Of answers whose length was known.',
    [],
  )
  let inFlight = 0
  metrics.families(() => [
    {
      name: 'super_zol_http_requests_in_flight',
      help: 'Requests that are being answered.',
      type: 'gauge',
      samples: [{ value: inFlight }],
    },
  ])
  const routes = new WeakMap<Request, string>()

  function answered(
    request: Request,
    response: Response,
    { ms, span }: { ms: number; span?: RequestSpan | undefined },
  ) {
    const { status, headers } = response
    const method = METHODS.has(request.method) ? request.method : 'other'
    const route = routes.get(request) ?? 'unknown'
    // for HEAD the header gives the length of the GET answer
    const length = method === 'HEAD' ? null : headers.get('content-length')
    requests.add([method, route, String(status)])
    seconds.observe(ms / 1000, [method, route])
    if (length !== null) sent.add([], Number(length))
    span?.end({ method, route, status })
    const level = levelOf(status, route)
    if (!log.isLevelEnabled(level)) return
    const caller = callerOf(request)
    const line = {
      requestId: headers.get('x-request-id'),
      method,
      route,
      status,
      ms: Math.round(ms * 100) / 100,
      caller: caller?.keyId ?? 'anonymous',
      address: caller === undefined ? addressOf(request, hops) : caller.address,
      traceId: span?.traceId ?? traceParentOf(request)?.traceId,
      bytes: length === null ? undefined : Number(length),
    }
    log[level](line, 'answered')
  }

  return new Elysia({ name: 'observe-requests' })
    .wrap((handle, request) => async () => {
      const began = performance.now()
      inFlight++
      try {
        const span = tracer?.begin(request)
        const answer = () => handle(request) as unknown as Promise<Response>
        const response = await (span === undefined ? answer() : span.run(answer))
        answered(request, response, { ms: performance.now() - began, span })
        return response
      } finally {
        inFlight--
      }
    })
    .onTransform({ as: 'global' }, ({ request, route }) => {
      routes.set(request, route)
    })
}

function levelOf(status: number, route: string): 'error' | 'warn' | 'info' | 'debug' {
  if (status >= 500) return 'error'
  if (status >= 400) return 'warn'
  return CHATTER.test(route) ? 'debug' : 'info'
}
