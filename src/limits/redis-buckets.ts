import { createHash } from 'node:crypto'
import type { Redis } from '../cache/redis.ts'
import { type Ask, judge, priceMs, type Verdict, WINDOW_MS } from './gcra.ts'

/**
 * Uses the clock of Redis, which all replicas share, in microseconds. Returns whether the call is
 * allowed, and the debt.
 */
const TAKE = `
local clock = redis.call('time')
local now = clock[1] * 1000000 + clock[2]
local price = tonumber(ARGV[1])
local whole_at = math.max(tonumber(redis.call('get', KEYS[1]) or now), now)
local allowed = whole_at + price - now <= tonumber(ARGV[2])
if allowed then
  whole_at = whole_at + price
  redis.call('set', KEYS[1], string.format('%.0f', whole_at), 'px', math.ceil((whole_at - now) / 1000))
end
return { allowed and 1 or 0, whole_at - now }`

const SHA = createHash('sha1').update(TAKE).digest('hex')

/** Rate limit buckets in Redis, shared by all replicas. */
export function redisBuckets(redis: Redis) {
  return {
    /** Returns undefined when Redis is unavailable. */
    async take(name: string, ask: Ask): Promise<Verdict | undefined> {
      const key = `super-zol:limit:${name}`
      const micros = [Math.ceil(priceMs(ask) * 1000), WINDOW_MS * 1000]
      const answer = await redis.attempt((client) =>
        client.evalsha(SHA, 1, key, ...micros).catch((error: Error) => {
          if (!error.message.startsWith('NOSCRIPT')) throw error
          return client.eval(TAKE, 1, key, ...micros)
        }),
      )
      if (!Array.isArray(answer)) return undefined
      return judge(answer[0] === 1, Number(answer[1]) / 1000, ask)
    },
  }
}
