import { LRUCache } from 'lru-cache'
import { type Answer, bytesOf } from './answer.ts'
import type { Redis } from './redis.ts'
import { redisAnswers } from './redis-answers.ts'

/**
 * Answers by what was asked and of which generation: one of an older generation is never asked for again. Memory first,
 * then Redis where there is one; who asks for what is just being made waits for it.
 */
export type AnswerCache = {
  /** Looks into memory. */
  get(key: string): Answer | undefined
  /** Looks into memory, then into Redis. */
  find(key: string): Promise<Answer | undefined>
  /** What Redis keeps, or what `make` makes, which says the key that it is kept under. */
  getOrMake(key: string, make: () => Promise<Made>): Promise<Answer>
  readonly counts: CacheCounts
}

export type Made = { key: string; answer: Answer }

/** Since the start, but for `bytes` and `answers`, which are in memory now. */
export type CacheCounts = {
  memoryHits: number
  redisHits: number
  /** Waited for one that somebody else had asked for. */
  shared: number
  misses: number
  readonly bytes: number
  readonly answers: number
}

/** The share of the memory that one answer may take. */
const LARGEST = 1 / 16

/** @param megabytes of memory; 0 keeps nothing, nor asks Redis: null */
export function createAnswerCache(
  megabytes: number,
  { redis }: { redis: Redis | null },
): AnswerCache | null {
  if (megabytes === 0) return null
  const maxSize = megabytes * 2 ** 20
  const memory = new LRUCache<string, Answer>({
    maxSize,
    maxEntrySize: maxSize * LARGEST,
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
    const kept = memory.get(key)
    if (kept !== undefined) counts.memoryHits++
    return kept
  }

  const getShared = async (key: string): Promise<Answer | undefined> => {
    const kept = await shared?.get(key)
    if (kept === undefined) return undefined
    counts.redisHits++
    memory.set(key, kept)
    return kept
  }

  const getSharedOrMake = async (key: string, make: () => Promise<Made>): Promise<Answer> => {
    const kept = await getShared(key)
    if (kept !== undefined) return kept
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
