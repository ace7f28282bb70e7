import { type Answer, pack, unpack } from './answer.ts'
import type { Redis } from './redis.ts'

/** The maximum time that replicas of different releases may share their answers. */
const KEPT_SECONDS = 600
const MAX_BYTES = 512 * 1024

/** The answers in Redis, shared by all replicas. */
export function redisAnswers(redis: Redis) {
  const nameOf = (key: string) => `super-zol:answer:${key}`
  return {
    /** Returns undefined for an unknown key and when Redis is unavailable. */
    async get(key: string): Promise<Answer | undefined> {
      const packed = await redis.attempt((client) => client.getBuffer(nameOf(key)))
      return packed === undefined || packed === null ? undefined : unpack(packed)
    },
    /** Stores an answer in the background. */
    set(key: string, answer: Answer): void {
      if (answer.body.length > MAX_BYTES) return
      void redis.attempt((client) => client.set(nameOf(key), pack(answer), 'EX', KEPT_SECONDS))
    },
  }
}
