import { Elysia } from 'elysia'
import type { Redis } from '../cache/redis.ts'
import type { GenerationWatch } from '../db/generation.ts'

const DEADLINE_MS = 2000

const READY = { status: 'ready', database: true, redis: null }
const DEGRADED = { status: 'degraded', database: false, redis: null }
const UNAVAILABLE = { status: 'unavailable', database: false, redis: null }

function documented(summary: string, examples: { 200: object; 503?: object }) {
  const responses = Object.fromEntries(
    Object.entries(examples).map(([status, example]) => [
      status,
      {
        description: status === '200' ? 'Well' : 'Unwell',
        content: { 'application/json': { schema: { type: 'object' as const }, example } },
      },
    ]),
  )
  return { detail: { summary, tags: ['health'], security: [], responses } }
}

/**
 * `/health/live`: the process answers. `/health/ready`: the process can serve requests, once its
 * database has answered and is migrated. It stays ready during a database outage (`degraded`):
 * cached answers still work, and the replicas do not all leave the load balancer at once.
 * `/health`: everything works; it returns 503 during a database outage. `redis` is null when it is
 * not configured, and nothing requires it. A `stopping` process is not ready, but still answers
 * until load balancers have noticed.
 */
export function healthRoutes(
  watch: GenerationWatch,
  { redis, stopping }: { redis: Redis | null; stopping: AbortSignal },
) {
  const answer = async ({ whileAway }: { whileAway: 200 | 503 }) => {
    const [database, redisAnswers] = await Promise.all([answers(watch), redis?.answers() ?? null])
    const state = { database, redis: redisAnswers }
    if (stopping.aborted) return reply(503, { status: 'stopping', ...state })
    if (database) return reply(200, { status: 'ready', ...state })
    if (watch.lastSeen() === null) return reply(503, { status: 'unavailable', ...state })
    return reply(whileAway, { status: 'degraded', ...state })
  }
  return new Elysia({ name: 'health' })
    .get(
      '/health',
      () => answer({ whileAway: 503 }),
      documented('Health', { 200: READY, 503: DEGRADED }),
    )
    .get(
      '/health/live',
      () => reply(200, { status: 'live' }),
      documented('Is the process alive?', { 200: { status: 'live' } }),
    )
    .get(
      '/health/ready',
      () => answer({ whileAway: 200 }),
      documented('Can it serve?', { 200: READY, 503: UNAVAILABLE }),
    )
}

function reply(status: number, body: object): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}

/** Whether the database answers in time and is migrated. */
async function answers(watch: GenerationWatch): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, DEADLINE_MS, false)
  })
  const confirmed = watch.confirm().then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([confirmed, late])
  } finally {
    clearTimeout(timer)
  }
}
