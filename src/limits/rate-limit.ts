import { LRUCache } from 'lru-cache'
import type { Redis } from '../cache/redis.ts'
import type { Env } from '../env.ts'
import { AppError } from '../http/contract/app-error.ts'
import type { Caller } from '../http/contract/caller.ts'
import { addressBucket, keyBucket } from './bucket-name.ts'
import type { Ask, Verdict } from './gcra.ts'
import { memoryBuckets } from './memory-buckets.ts'
import { redisBuckets } from './redis-buckets.ts'

type Headers = Record<string, string | number>

export type RateLimit = {
  /**
   * Takes the cost of a call from the caller's allowance, and sets the rate limit headers.
   * @throws AppError RATE_LIMITED
   */
  take(caller: Caller, cost: number, headers: Headers): void | Promise<void>
  /** Charges the address for an invalid key or token as many reads as WRONG_KEY_COST. */
  takeWrongKey(stranger: Caller, headers: Headers): Promise<void>
  /**
   * Refuses an address whose wrong keys have used up its allowance, before its next key is checked.
   * @throws AppError RATE_LIMITED
   */
  refuseGuesser(stranger: Caller, headers: Headers): void
  /** The counts since the process started. */
  readonly counts: { allowed: number; refused: number; withoutRedis: number }
}

const WRONG_KEY_COST = 10
const MAX_BARRED_ADDRESSES = 10_000

/** @param now a clock in milliseconds */
export function createRateLimit(
  env: Pick<
    Env,
    'rateLimit' | 'rateLimitAnonymous' | 'rateLimitReader' | 'rateLimitAnalyst' | 'rateLimitAdmin'
  >,
  { redis, now = () => performance.now() }: { redis: Redis | null; now?: () => number },
): RateLimit {
  const counts = { allowed: 0, refused: 0, withoutRedis: 0 }
  if (env.rateLimit === 'off')
    return { take: () => {}, takeWrongKey: async () => {}, refuseGuesser: () => {}, counts }
  const limits = {
    reader: env.rateLimitReader,
    analyst: env.rateLimitAnalyst,
    admin: env.rateLimitAdmin,
  }
  const memory = memoryBuckets(now)
  const shared = redis === null ? null : redisBuckets(redis)
  const barredUntil = new LRUCache<string, number>({ max: MAX_BARRED_ADDRESSES })

  const refuse = (limit: number, retrySeconds: number, headers: Headers): never => {
    counts.refused++
    headers['retry-after'] = retrySeconds
    throw new AppError(
      'RATE_LIMITED',
      `This allows ${limit} calls a minute; try again in ${retrySeconds} s`,
    )
  }
  const applyVerdict = (
    { allowed, limit, remaining, resetSeconds, retrySeconds }: Verdict,
    headers: Headers,
  ) => {
    headers['ratelimit-limit'] = limit
    headers['ratelimit-remaining'] = remaining
    headers['ratelimit-reset'] = resetSeconds
    if (!allowed) refuse(limit, retrySeconds, headers)
    counts.allowed++
  }
  const takeShared = async (
    redis: ReturnType<typeof redisBuckets>,
    name: string,
    ask: Ask,
    headers: Headers,
  ) => {
    const verdict = await redis.take(name, ask)
    if (verdict === undefined) counts.withoutRedis++
    applyVerdict(verdict ?? memory.take(name, ask), headers)
  }
  const take: RateLimit['take'] = ({ keyId, role, address }, cost, headers) => {
    const name = keyId === null ? addressBucket(address) : keyBucket(keyId)
    const ask = { limit: keyId === null ? env.rateLimitAnonymous : limits[role], cost }
    return shared === null
      ? applyVerdict(memory.take(name, ask), headers)
      : takeShared(shared, name, ask, headers)
  }

  return {
    take,
    takeWrongKey: async (stranger, headers) => {
      try {
        await take(stranger, WRONG_KEY_COST, headers)
      } catch (error) {
        barredUntil.set(
          addressBucket(stranger.address),
          now() + Number(headers['retry-after']) * 1000,
        )
        throw error
      }
    },
    refuseGuesser: ({ address }, headers) => {
      const remainingMs = (barredUntil.get(addressBucket(address)) ?? 0) - now()
      if (remainingMs > 0) refuse(env.rateLimitAnonymous, Math.ceil(remainingMs / 1000), headers)
    },
    counts,
  }
}
