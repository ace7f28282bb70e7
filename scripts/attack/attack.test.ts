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
  ATTEMPTS.filter(({ everyMs }) => everyMs === undefined).map((one) => [one.name, one] as const),
)('%s', async (_, one) => {
  const { status, code } = await attempt(target.port, one)
  expect([status, code]).toEqual([...one.expected, null].slice(0, 2) as [number, string | null])
})

test('random bytes break nothing, and are forgotten', async () => {
  const { wrong, rss } = await throwRandom(target, { seed: 2, count: 300 })
  expect(wrong).toEqual([])
  if (rss.before !== null && rss.after !== null) expect(rss.after - rss.before).toBeLessThan(100)
}, 60_000)
