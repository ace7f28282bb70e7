import { describe, expect, test } from 'bun:test'
import { readEnv } from '../env.ts'
import { AppError } from '../http/contract/app-error.ts'
import { anonymous, type Caller } from '../http/contract/caller.ts'
import { addressBucket } from './bucket-name.ts'
import { createRateLimit } from './rate-limit.ts'

let clock = 0
const open = (vars: Record<string, string> = {}) =>
  createRateLimit(readEnv({ RATE_LIMIT_ANONYMOUS: '60', RATE_LIMIT_ADMIN: '600', ...vars }), {
    redis: null,
    now: () => clock,
  })
const stranger = anonymous('192.0.2.1')
const admin: Caller = { keyId: 'k1', by: 'key', role: 'admin', address: '192.0.2.1' }

type Limits = ReturnType<typeof open>

async function take(
  limits: Limits,
  caller: Caller,
  cost = 1,
  how: 'take' | 'takeWrongKey' = 'take',
) {
  const headers: Record<string, string | number> = {}
  try {
    await (how === 'take'
      ? limits.take(caller, cost, headers)
      : limits.takeWrongKey(caller, headers))
    return { code: 'ok', headers }
  } catch (error) {
    return { code: error instanceof AppError ? error.code : String(error), headers }
  }
}

const codes = async (limits: Limits, caller: Caller, times: number) =>
  (await Promise.all(Array.from({ length: times }, () => take(limits, caller)))).filter(
    ({ code }) => code === 'ok',
  ).length

describe('the rate limit', () => {
  test('allows a minute’s calls at once, then as many as the refill permits', async () => {
    const limits = open()
    expect((await take(limits, stranger)).headers).toEqual({
      'ratelimit-limit': 60,
      'ratelimit-remaining': 59,
      'ratelimit-reset': 1,
    })
    expect(await codes(limits, stranger, 70)).toBe(59)
    expect(await take(limits, stranger)).toEqual({
      code: 'RATE_LIMITED',
      headers: {
        'ratelimit-limit': 60,
        'ratelimit-remaining': 0,
        'ratelimit-reset': 60,
        'retry-after': 1,
      },
    })
    clock += 10_000
    expect(await codes(limits, stranger, 20)).toBe(10)
    clock += 600_000
    expect(await codes(limits, stranger, 70)).toBe(60)
    expect(limits.counts).toMatchObject({ allowed: 130, withoutRedis: 0 })
  })

  test('a call takes its cost, and a cost above the limit takes the whole allowance', async () => {
    const limits = open()
    expect((await take(limits, stranger, 50)).headers['ratelimit-remaining']).toBe(10)
    expect(await take(limits, stranger, 20)).toMatchObject({
      code: 'RATE_LIMITED',
      headers: { 'retry-after': 10 },
    })
    expect(await codes(limits, stranger, 20)).toBe(10)
    clock += 60_000
    expect((await take(limits, stranger, 1000)).code).toBe('ok')
    expect((await take(limits, stranger)).code).toBe('RATE_LIMITED')
  })

  test('each key has its own allowance by role, independent of the address', async () => {
    const limits = open()
    expect(await codes(limits, stranger, 70)).toBe(60)
    expect(await codes(limits, admin, 700)).toBe(600)
    expect((await take(limits, { ...admin, address: '192.0.2.2' })).code).toBe('RATE_LIMITED')
    expect((await take(limits, { ...admin, keyId: 'k2' })).code).toBe('ok')
    expect((await take(limits, anonymous('192.0.2.2'))).code).toBe('ok')
  })

  test('refuses all keys of an address with many wrong keys until its allowance refills', async () => {
    const limits = open()
    for (let i = 0; i < 6; i++)
      expect((await take(limits, stranger, 1, 'takeWrongKey')).code).toBe('ok')
    limits.refuseGuesser(stranger, {})
    expect((await take(limits, stranger, 1, 'takeWrongKey')).code).toBe('RATE_LIMITED')
    const headers = {}
    expect(() => limits.refuseGuesser(stranger, headers)).toThrow('try again in 10 s')
    expect(headers).toEqual({ 'retry-after': 10 })
    limits.refuseGuesser(anonymous('192.0.2.2'), {})
    clock += 10_001
    limits.refuseGuesser(stranger, {})
    expect((await take(limits, stranger, 1, 'takeWrongKey')).code).toBe('ok')
  })

  test('RATE_LIMIT=off turns the limit off', async () => {
    const limits = open({ RATE_LIMIT: 'off' })
    expect(await codes(limits, stranger, 1000)).toBe(1000)
    expect(await take(limits, stranger)).toEqual({ code: 'ok', headers: {} })
  })
})

test.each([
  ['2001:db8:1:2:3:4:5:6', 'address:2001:db8:1:2::/64'],
  ['2001:db8:1:2::7', 'address:2001:db8:1:2::/64'],
  ['2001:db8::1', 'address:2001:db8:0:0::/64'],
  ['::1', 'address:0:0:0:0::/64'],
  ['192.0.2.7', 'address:192.0.2.7'],
  [null, 'address:unknown'],
])('%s is counted as %s', (address, bucket) => {
  expect(addressBucket(address)).toBe(bucket)
})
