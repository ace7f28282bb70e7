import type { Redis } from '../cache/redis.ts'
import type { RateLimit } from '../limits/rate-limit.ts'
import type { Metrics } from './metrics.ts'

/** Metrics of allowed and refused calls, and whether Redis answers when it is configured. */
export function describeLimits(metrics: Metrics, { counts }: RateLimit, redis: Redis | null): void {
  metrics.families(() => [
    {
      name: 'super_zol_rate_limit_calls_total',
      help: 'Calls that the limits let through or refused.',
      type: 'counter',
      samples: [
        { labels: { result: 'allowed' }, value: counts.allowed },
        { labels: { result: 'refused' }, value: counts.refused },
      ],
    },
    {
      name: 'super_zol_rate_limit_without_redis_total',
      help: 'Calls that were counted in memory because Redis was lost.',
      type: 'counter',
      samples: [{ value: counts.withoutRedis }],
    },
  ])
  if (redis === null) return
  metrics.families(async () => {
    const value = (await redis.answers()) ? 1 : 0
    return [
      {
        name: 'super_zol_redis_up',
        help: 'Does Redis answer?',
        type: 'gauge',
        samples: [{ value }],
      },
    ]
  })
}
