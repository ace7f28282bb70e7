import { Elysia } from 'elysia'
import type { Redis } from '../cache/redis.ts'
import type { Sql } from '../db/connect.ts'

const DEADLINE_MS = 2000

function documented(
  summary: string,
  well: Record<string, unknown>,
  unwell?: Record<string, unknown>,
) {
  const answer = (description: string, example: Record<string, unknown>) => ({
    description,
    content: { 'application/json': { schema: { type: 'object' as const }, example } },
  })
  const responses = { 200: answer('Well', well), ...(unwell && { 503: answer('Unwell', unwell) }) }
  return { detail: { summary, tags: ['health'], security: [], responses } }
}

/**
 * Liveness says that the process answers, readiness that it can serve: the database answers and is migrated. `redis` is
 * null where none is configured; without one that is, all is served, so its loss is only told.
 * A process that is `stopping` is not ready, and goes on answering until load balancers have seen it.
 */
export function healthRoutes(
  sql: Sql,
  { redis, stopping }: { redis: Redis | null; stopping: AbortSignal },
) {
  const ready = { status: 'ready', database: true, redis: null }
  const unready = { status: 'unavailable', database: false, redis: null }
  const answer = async () => {
    const [isReady, answers] = await Promise.all([isDatabaseReady(sql), redis?.answers() ?? null])
    if (stopping.aborted)
      return reply(503, { status: 'stopping', database: isReady, redis: answers })
    return isReady
      ? reply(200, { ...ready, redis: answers })
      : reply(503, { ...unready, redis: answers })
  }
  return new Elysia({ name: 'health' })
    .get('/health', answer, documented('Health', ready, unready))
    .get(
      '/health/live',
      () => reply(200, { status: 'live' }),
      documented('Is the process alive?', { status: 'live' }),
    )
    .get('/health/ready', answer, documented('Can it serve?', ready, unready))
}

function reply(status: number, body: object): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}

async function isDatabaseReady(sql: Sql): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, DEADLINE_MS, false)
  })
  const asked = sql`select 1 from core.generation`.then(
    (rows) => rows.length === 1,
    () => false,
  )
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}
