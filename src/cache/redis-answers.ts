import { type Answer, pack, unpack } from './answer.ts'
import type { Redis } from './redis.ts'

/** Replicas of another release answer each other's bodies for so long at most. */
const KEPT_SECONDS = 600
const MOST_BYTES = 512 * 1024

/** The answers that all replicas share. */
export function redisAnswers(redis: Redis) {
  const nameOf = (key: string) => `super-zol:answer:${key}`
  return {
    /** Undefined where Redis is lost, too. */
    async get(key: string): Promise<Answer | undefined> {
      const packed = await redis.attempt((client) => client.getBuffer(nameOf(key)))
      return packed === undefined || packed === null ? undefined : unpack(packed)
    },
    /** Waits for nothing. */
    set(key: string, answer: Answer): void {
      if (answer.body.length > MOST_BYTES) return
      void redis.attempt((client) => client.set(nameOf(key), pack(answer), 'EX', KEPT_SECONDS))
    },
  }
}
