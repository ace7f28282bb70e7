import { expect, test } from 'bun:test'
import { KaggleError } from './kaggle-error.ts'
import { readRetryAfter, waitMs, withRetries } from './retry.ts'

const busy = (retryAfterMs?: number) => new KaggleError('BUSY', 'Cannot get it: 503', retryAfterMs)

async function retry(
  attempt: (n: number, progressed: () => void) => void,
  signal = new AbortController().signal,
) {
  const waits: number[] = []
  let n = 0
  const sleep = async (ms: number) => {
    waits.push(ms)
  }
  const ended = withRetries(async (progressed) => attempt(n++, progressed), {
    patience: { sleep, random: () => 0.25 },
    signal,
    onWait: () => {},
  })
  const error: unknown = await ended.then(
    () => null,
    (error) => error,
  )
  return { error, waits, attempts: n }
}

test('waits double with jitter up to a minute', () => {
  expect([0, 1, 2, 3, 4].map((n) => waitMs(n, 0.5))).toEqual([1500, 2500, 4500, 8500, 16_500])
  expect(waitMs(6, 0.9)).toBe(60_000)
})

test('Retry-After is seconds or a date, and is bounded', () => {
  const now = Date.parse('2026-08-20T12:00:00Z')
  expect(readRetryAfter('7', now)).toBe(7000)
  expect(readRetryAfter('Thu, 20 Aug 2026 12:01:30 GMT', now)).toBe(90_000)
  expect(readRetryAfter('Thu, 20 Aug 2026 11:00:00 GMT', now)).toBe(0)
  expect(readRetryAfter('soon', now)).toBeUndefined()
  expect(readRetryAfter(null, now)).toBeUndefined()
  expect(waitMs(0, 0.5, 7000)).toBe(7000)
  expect(waitMs(0, 0.5, 86_400_000)).toBe(600_000)
})

test('temporary failures are retried five times', async () => {
  const { error, waits, attempts } = await retry(() => {
    throw busy()
  })
  expect(error).toEqual(busy())
  expect(attempts).toBe(6)
  expect(waits).toEqual([1250, 2250, 4250, 8250, 16_250])
})

test('progress resets the count of retries', async () => {
  const { error, waits } = await retry((n, progressed) => {
    if (n === 3 || n === 8) progressed()
    if (n < 10) throw busy(n === 9 ? 3000 : undefined)
  })
  expect(error).toBeNull()
  expect(waits).toEqual([1250, 2250, 4250, 1250, 2250, 4250, 8250, 16_250, 1250, 3000])
})

test('permanent failures are not retried', async () => {
  for (const failure of [new KaggleError('NOT_FOUND', 'x'), new Error('x')]) {
    const { error, attempts } = await retry(() => {
      throw failure
    })
    expect(error).toBe(failure)
    expect(attempts).toBe(1)
  }
})

test('an abort ends the retries', async () => {
  const stop = new AbortController()
  const { error, attempts } = await retry(() => {
    stop.abort(new Error('enough'))
    throw busy()
  }, stop.signal)
  expect(error).toEqual(new Error('enough'))
  expect(attempts).toBe(1)
})
