import { afterAll, beforeAll, expect, test } from 'bun:test'
import { ATTEMPTS, attempt } from './attempts.ts'
import { startTarget, type Target } from './target.ts'
import { throwRandom } from './throw-random.ts'

let target: Target
beforeAll(async () => {
  target = await startTarget()
}, 30_000)
afterAll(() => target.stop())

test.each(
  ATTEMPTS.filter(({ everyMs }) => everyMs === undefined).map(
    (request) => [request.name, request] as const,
  ),
)('%s', async (_, request) => {
  const { status, code } = await attempt(target.port, request)
  expect([status, code]).toEqual([...request.expected, null].slice(0, 2) as [number, string | null])
})

test('requests of random bytes neither break the server nor leak memory', async () => {
  const { wrong, rss } = await throwRandom(target, { seed: 2, count: 300 })
  expect(wrong).toEqual([])
  if (rss.before !== null && rss.after !== null) expect(rss.after - rss.before).toBeLessThan(100)
}, 60_000)
