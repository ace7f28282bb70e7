import { expect, test } from 'bun:test'
import { createConcurrencyLimit } from './concurrency-limit.ts'

/** Work that finishes when `end` is called. */
function job() {
  const { promise, resolve } = Promise.withResolvers<string>()
  return { work: () => promise, end: resolve }
}

test('calls above the concurrency limit wait and run in order', async () => {
  const places = createConcurrencyLimit({ count: 1, waitMs: 5000 })
  const [first, second] = [job(), job()]
  const results: string[] = []
  const all = [first.work, second.work, async () => 'third'].map((work) =>
    places.take(work).then((text) => results.push(text)),
  )
  second.end('second')
  expect(results).toEqual([])
  expect(places.now()).toEqual({ count: 1, taken: 1, waiting: 2 })
  first.end('first')
  await Promise.all(all)
  expect(results).toEqual(['first', 'second', 'third'])
  expect(places.now()).toEqual({ count: 1, taken: 0, waiting: 0 })
})

test('a call that waits too long is refused, and failed work frees its slot', async () => {
  const places = createConcurrencyLimit({ count: 1, waitMs: 20 })
  const long = job()
  const running = places.take(long.work)
  await expect(places.take(async () => 'late')).rejects.toMatchObject({
    code: 'OVERLOADED',
    status: 503,
  })
  long.end('done')
  expect(await running).toBe('done')
  await expect(places.take(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await places.take(async () => 'next')).toBe('next')
})

test('work that never ends frees its slot after its time limit', async () => {
  const places = createConcurrencyLimit({ count: 1, waitMs: 1000 })
  await expect(places.take(() => new Promise(() => {}), 20)).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
  })
  expect(await places.take(async () => 'next')).toBe('next')
})
