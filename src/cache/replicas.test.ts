import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { createApp } from '../app.ts'
import { readEnv } from '../env.ts'
import { insertFixtures } from '../testing/fixtures.ts'
import { NO_REDIS, openRedisServer, type RedisServer } from '../testing/redis-server.ts'
import { bodyOf, NOW } from '../testing/test-app.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { openRedis, type Redis } from './redis.ts'

const log = pino({ level: 'silent' })
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await insertFixtures(database.sql)
})
afterAll(() => database.drop())

function replica(limit: number, redis: Redis | null = null, now = NOW) {
  const env = readEnv({ RATE_LIMIT_ANONYMOUS: String(limit), TRUST_PROXY: '1' })
  const app = createApp({ sql: database.sql, redis, log, env, now: () => now })
  return (path: string, headers: Record<string, string> = {}) =>
    app.handle(new Request(`http://localhost${path}`, { headers }))
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries === 400) throw new Error('Cannot wait any longer')
    await sleep(10)
  }
}

test('calls above the rate limit get 429 with Retry-After; unknown paths count, health and docs do not', async () => {
  const ask = replica(4)
  const left = async (path: string) => (await ask(path)).headers.get('ratelimit-remaining')
  expect(await left('/v1/chains')).toBe('3')
  expect(await left('/v1/products/99')).toBe('2')
  expect(await left('/v1/nothing')).toBe('1')
  expect(await left('/v1/chains?page=0')).toBe('0')
  for (const path of ['/v1/chains', '/v1/nothing']) {
    const refused = await ask(path, { 'x-request-id': 'abc' })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '15'])
    expect((await bodyOf(refused)).error).toMatchObject({
      code: 'RATE_LIMITED',
      status: 429,
      request_id: 'abc',
    })
  }
  for (const path of ['/health', '/health/live', '/docs', '/docs/json']) {
    const free = await ask(path)
    expect([path, free.status, free.headers.get('ratelimit-limit')]).toEqual([path, 200, null])
  }
})

describe.skipIf(NO_REDIS !== null)(
  `with Redis${NO_REDIS === null ? '' : ` (not run: ${NO_REDIS})`}`,
  () => {
    let server: RedisServer
    let links: Redis[]
    let hasty: Redis
    beforeAll(async () => {
      server = await openRedisServer()
      // 50 ms are not enough on a busy machine, and each replica would count separately
      links = [1, 2].map(() => openRedis(server.url, log, { timeoutMs: 10_000 }))
      hasty = openRedis(server.url, log)
      await until(async () =>
        (await Promise.all([...links, hasty].map((link) => link.answers()))).every(Boolean),
      )
    })
    afterAll(async () => {
      for (const link of [...(links ?? []), hasty]) link?.close()
      await server?.kill()
    })

    test('two replicas share one exact rate limit', async () => {
      const replicas = links.map((link) => replica(50, link))
      const answers = await Promise.all(
        Array.from({ length: 80 }, (_, i) =>
          replicas[i % 2]?.('/v1/chains', { 'x-forwarded-for': '192.0.2.1' }),
        ),
      )
      expect(answers.filter((answer) => answer?.status === 200)).toHaveLength(50)
      expect(answers.filter((answer) => answer?.status === 429)).toHaveLength(30)
    })

    test('a replica reuses the cached answers of another one until a new generation', async () => {
      const first = replica(1000, links[0])
      const second = replica(1000, links[1], NOW + 60_000)
      const metaOf = async (ask: typeof first) =>
        (await bodyOf(await ask('/v1/products?per_page=2'))).meta
      const isAnswered = async () => {
        await metaOf(first)
        return (
          ((await links[0]?.attempt((client) => client.keys('super-zol:answer:*per_page=2'))) ?? [])
            .length > 0
        )
      }
      // wait until both replicas know the generation
      await until(isAnswered)
      await until(async () => (await metaOf(second)).timestamp === '2026-08-20T12:00:00+03:00')
      await database.sql.begin(async (tx) => {
        await tx`update core.generation set number = number + 1, published_at = now()`
        await tx`select pg_notify('generation', '5')`
      })
      await until(async () => (await metaOf(second)).generation === 5)
      expect((await metaOf(second)).timestamp).toBe('2026-08-20T12:01:00+03:00')
    })

    test('requests neither fail nor wait while Redis is killed, restarted or hangs under load', async () => {
      const ask = replica(1_000_000, hasty)
      const statuses = new Set<number>()
      let slowest = 0
      let running = true
      const caller = async (i: number) => {
        while (running) {
          const started = performance.now()
          const answer = await ask('/v1/chains', { 'x-forwarded-for': `198.51.100.${i}` })
          slowest = Math.max(slowest, performance.now() - started)
          await sleep(1)
          statuses.add(answer.status)
          expect(answer.headers.get('ratelimit-limit')).toBe('1000000')
        }
      }
      const callers = Array.from({ length: 8 }, (_, i) => caller(i))
      const health = async () => bodyOf(await ask('/health/ready'))
      await sleep(100)
      expect(await health()).toEqual({ status: 'ready', database: true, redis: true })
      await server.kill()
      await sleep(200)
      expect(await health()).toEqual({ status: 'ready', database: true, redis: false })
      await server.start()
      await until(async () => (await hasty.answers()) === true)
      server.freeze()
      await sleep(200)
      server.thaw()
      await sleep(1100)
      running = false
      await Promise.all(callers)
      expect([...statuses]).toEqual([200])
      expect(slowest).toBeLessThan(1000)
      expect(await hasty.answers()).toBe(true)
    })
  },
)
