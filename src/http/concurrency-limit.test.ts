import { expect, test } from 'bun:test'
import { createConcurrencyLimit } from './concurrency-limit.ts'

/** Work that ends when it is told to. */
function job() {
  const { promise, resolve } = Promise.withResolvers<string>()
  return { work: () => promise, end: resolve }
}

test('who finds no place waits for one, in order', async () => {
  const places = createConcurrencyLimit({ count: 1, waitMs: 5000 })
  const [first, second] = [job(), job()]
  const told: string[] = []
  const all = [first.work, second.work, async () => 'third'].map((work) =>
    places.take(work).then((text) => told.push(text)),
  )
  second.end('second')
  expect(told).toEqual([])
  expect(places.now()).toEqual({ count: 1, taken: 1, waiting: 2 })
  first.end('first')
  await Promise.all(all)
  expect(told).toEqual(['first', 'second', 'third'])
  expect(places.now()).toEqual({ count: 1, taken: 0, waiting: 0 })
})

test('but not for ever, and what fails leaves its place', async () => {
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

test('what never ends leaves its place too', async () => {
  const places = createConcurrencyLimit({ count: 1, waitMs: 1000 })
  await expect(places.take(() => new Promise(() => {}), 20)).rejects.toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
  })
  expect(await places.take(async () => 'next')).toBe('next')
})
