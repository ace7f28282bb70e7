import type { AnswerCache } from '../cache/answer-cache.ts'
import type { Metrics } from './metrics.ts'

/** Metrics of the answer cache: hits by source, and the size in memory. None without a cache. */
export function describeCache(metrics: Metrics, cache: AnswerCache | null): void {
  if (cache === null) return
  const { counts } = cache
  metrics.families(() => {
    const { memoryHits, redisHits, shared, misses, bytes, answers } = counts
    const found = Object.entries({ memory: memoryHits, redis: redisHits, shared, made: misses })
    return [
      {
        name: 'super_zol_cache_answers_total',
        help: 'Answers by where they came from; shared: made for somebody else at the same time.',
        type: 'counter',
        samples: found.map(([from, value]) => ({ labels: { from }, value })),
      },
      {
        name: 'super_zol_cache_bytes',
        help: 'Answers in memory.',
        type: 'gauge',
        samples: [{ value: bytes }],
      },
      {
        name: 'super_zol_cache_entries',
        help: 'Answers in memory.',
        type: 'gauge',
        samples: [{ value: answers }],
      },
    ]
  })
}
