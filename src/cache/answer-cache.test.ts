import { describe, expect, test } from 'bun:test'
import { type Answer, pack, unpack } from './answer.ts'
import { type AnswerCache, createAnswerCache } from './answer-cache.ts'

const answer = (text: string): Answer => ({
  body: new TextEncoder().encode(text),
  headers: new Headers({ 'content-type': 'text/plain', link: '</x?q=%D7>; rel="next"' }),
})

function open(megabytes = 1): AnswerCache {
  const cache = createAnswerCache(megabytes, { redis: null })
  if (cache === null) throw new Error('Cannot test: there is no cache')
  return cache
}

describe('the cache of answers', () => {
  test('concurrent requests for one key compute its answer once and cache it', async () => {
    const cache = open()
    let made = 0
    const make = async () => {
      await Bun.sleep(20)
      made++
      return { key: 'a', answer: answer('one') }
    }
    const answers = await Promise.all(Array.from({ length: 30 }, () => cache.getOrMake('a', make)))
    expect(new Set(answers).size).toBe(1)
    expect(cache.get('a')).toBe(answers[0])
    expect([made, cache.counts.misses, cache.counts.shared, cache.counts.memoryHits]).toEqual([
      1, 1, 29, 1,
    ])
  })

  test('an error is not cached, and the next request computes the answer again', async () => {
    const cache = open()
    const fail = () => Promise.reject(new Error('no database'))
    const failed = await Promise.allSettled([
      cache.getOrMake('a', fail),
      cache.getOrMake('a', fail),
    ])
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(cache.get('a')).toBeUndefined()
    await cache.getOrMake('a', async () => ({ key: 'a', answer: answer('well') }))
    expect(cache.get('a')).toBeDefined()
  })

  test('an answer is cached under the key that its computation returns', async () => {
    const cache = open()
    await cache.getOrMake('generation 1', async () => ({
      key: 'generation 2',
      answer: answer('new'),
    }))
    expect(cache.get('generation 1')).toBeUndefined()
    expect(cache.get('generation 2')).toBeDefined()
  })

  test('the byte limit evicts the least recently used answers, and large answers are not cached', async () => {
    const cache = open()
    const keep = (key: string, bytes: number) =>
      cache.getOrMake(key, async () => ({ key, answer: answer('x'.repeat(bytes)) }))
    for (let i = 0; i < 100; i++) {
      await keep(`k${i}`, 20_000)
      cache.get('k0')
    }
    expect(cache.counts.bytes).toBeLessThanOrEqual(2 ** 20)
    expect(cache.counts.answers).toBeGreaterThan(40)
    expect(cache.get('k0')).toBeDefined()
    expect(cache.get('k1')).toBeUndefined()
    await keep('large', 100_000)
    expect(cache.get('large')).toBeUndefined()
  })

  test('a size of 0 MB creates no cache', () => {
    expect(createAnswerCache(0, { redis: null })).toBeNull()
  })
})

test('unpack restores a packed answer and returns undefined for other bytes', () => {
  const { body, headers } = answer('חלב\nטרי')
  const again = unpack(pack({ body, headers }))
  expect(again?.body).toEqual(body)
  expect([...(again?.headers ?? [])]).toEqual([...headers])
  for (const text of ['', 'x', '[["a"]]\nbody']) expect(unpack(Buffer.from(text))).toBeUndefined()
})
