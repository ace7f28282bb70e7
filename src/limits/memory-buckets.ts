import { LRUCache } from 'lru-cache'
import { type Ask, judge, priceMs, type Verdict, WINDOW_MS } from './gcra.ts'

/** The maximum number of callers in memory. The least recent ones are removed first. */
const MAX_BUCKETS = 50_000

/** @param now a clock in milliseconds */
export function memoryBuckets(now: () => number) {
  const wholeAt = new LRUCache<string, number>({ max: MAX_BUCKETS })
  return {
    take(name: string, ask: Ask): Verdict {
      const at = now()
      const debt = Math.max((wholeAt.get(name) ?? 0) - at, 0)
      const allowed = debt + priceMs(ask) <= WINDOW_MS
      if (allowed) wholeAt.set(name, at + debt + priceMs(ask))
      return judge(allowed, allowed ? debt + priceMs(ask) : debt, ask)
    },
  }
}
