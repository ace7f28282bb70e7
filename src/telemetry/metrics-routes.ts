import { Elysia } from 'elysia'
import { CONTENT_TYPE, type Metrics } from './metrics.ts'

const EXAMPLE =
  'super_zol_http_requests_total{method="GET",route="/v1/products/:id",status="200"} 1027\n'

/** The metrics endpoint for Prometheus. */
export function metricsRoutes(metrics: Metrics) {
  const detail = {
    summary: 'What this process counts, for Prometheus',
    tags: ['health'],
    responses: {
      200: {
        description: 'Text format 0.0.4',
        content: { 'text/plain': { schema: { type: 'string' as const }, example: EXAMPLE } },
      },
    },
  }
  return new Elysia({ name: 'metrics' }).get('/metrics', () => metricsAnswer(metrics), { detail })
}

export async function metricsAnswer(metrics: Metrics): Promise<Response> {
  return new Response(await metrics.text(), {
    headers: { 'content-type': CONTENT_TYPE, 'cache-control': 'no-store' },
  })
}
