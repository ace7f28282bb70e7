import { LRUCache } from 'lru-cache'
import { type Answer, bytesOf } from './answer.ts'
import type { Redis } from './redis.ts'
import { redisAnswers } from './redis-answers.ts'

/**
 * A cache of answers by request and generation. It looks in memory first, then in Redis when
 * configured. Concurrent requests for the same answer wait for one computation.
 */
export type AnswerCache = {
  /** Looks in memory. */
  get(key: string): Answer | undefined
  /** Looks in memory, then in Redis. */
  find(key: string): Promise<Answer | undefined>
  /** Returns the answer from Redis or from `make`, which also returns the key to store it under. */
  getOrMake(key: string, make: () => Promise<Made>): Promise<Answer>
  readonly counts: CacheCounts
}

export type Made = { key: string; answer: Answer }

/**
 * Counts since the process started. `bytes` and `answers` are the current size of the memory cache.
 */
export type CacheCounts = {
  memoryHits: number
  redisHits: number
  /** Requests that waited for an answer that another request was computing. */
  shared: number
  misses: number
  readonly bytes: number
  readonly answers: number
}

/** The maximum share of the memory for one answer. */
const MAX_SHARE = 1 / 16

/**
 * @param megabytes of memory; with 0 there is no cache, also not in Redis, and the result is null
 */
export function createAnswerCache(
  megabytes: number,
  { redis }: { redis: Redis | null },
): AnswerCache | null {
  if (megabytes === 0) return null
  const maxSize = megabytes * 2 ** 20
  const memory = new LRUCache<string, Answer>({
    maxSize,
    maxEntrySize: maxSize * MAX_SHARE,
    sizeCalculation: bytesOf,
  })
  const shared = redis === null ? null : redisAnswers(redis)
  const underWay = new Map<string, Promise<Answer>>()
  const counts = {
    memoryHits: 0,
    redisHits: 0,
    shared: 0,
    misses: 0,
    get bytes() {
      return memory.calculatedSize
    },
    get answers() {
      return memory.size
    },
  }

  const get = (key: string): Answer | undefined => {
    const cached = memory.get(key)
    if (cached !== undefined) counts.memoryHits++
    return cached
  }

  const getShared = async (key: string): Promise<Answer | undefined> => {
    const cached = await shared?.get(key)
    if (cached === undefined) return undefined
    counts.redisHits++
    memory.set(key, cached)
    return cached
  }

  const getSharedOrMake = async (key: string, make: () => Promise<Made>): Promise<Answer> => {
    const cached = await getShared(key)
    if (cached !== undefined) return cached
    counts.misses++
    const made = await make()
    memory.set(made.key, made.answer)
    shared?.set(made.key, made.answer)
    return made.answer
  }

  return {
    get,
    find: async (key) => get(key) ?? getShared(key),
    getOrMake: (key, make) => {
      const waiting = underWay.get(key)
      if (waiting !== undefined) {
        counts.shared++
        return waiting
      }
      const answer = getSharedOrMake(key, make).finally(() => underWay.delete(key))
      underWay.set(key, answer)
      return answer
    },
    counts,
  }
}
