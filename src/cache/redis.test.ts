import { afterEach, describe, expect, test } from 'bun:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { NO_REDIS, openRedisServer, type RedisServer } from '../testing/redis-server.ts'
import { openRedis, type Redis } from './redis.ts'

let redis: Redis | undefined
let server: RedisServer | undefined
afterEach(async () => {
  redis?.close()
  await server?.kill()
})

type Line = { level: number; msg: string; reason?: string }

function open(url: string) {
  const lines: Line[] = []
  const log = pino(
    { base: null, timestamp: false },
    { write: (line: string) => lines.push(JSON.parse(line)) },
  )
  redis = openRedis(url, log)
  return { redis, lines }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries === 400) throw new Error('Cannot wait any longer')
    await sleep(10)
  }
}

test('an unreachable Redis gives one log line and delays no call', async () => {
  const { redis, lines } = open('redis://:hush@127.0.0.1:1')
  const started = performance.now()
  expect(await redis.attempt((client) => client.get('x'))).toBeUndefined()
  // well below the connect timeout of 2 s, and enough for a busy machine
  expect(performance.now() - started).toBeLessThan(1000)
  await sleep(500)
  expect(await redis.answers()).toBe(false)
  expect(lines).toHaveLength(1)
  expect(lines[0]?.msg).toBe(
    'Cannot use Redis: limits and answers are kept in memory until it is back',
  )
  expect(JSON.stringify(lines)).not.toContain('hush')
})

describe.skipIf(NO_REDIS !== null)(
  `a Redis that${NO_REDIS === null ? '' : ` (not run: ${NO_REDIS})`}`,
  () => {
    test('is killed and restarted gives one log line for the loss and one for the return', async () => {
      server = await openRedisServer({ password: 'hush' })
      const { redis, lines } = open(server.url)
      await until(() => redis.answers())
      await server.kill()
      await until(async () => lines.length > 0)
      expect(await redis.attempt((client) => client.get('x'))).toBeUndefined()
      await server.start()
      await until(() => redis.answers())
      expect(lines.map(({ msg }) => msg)).toEqual([
        'Cannot use Redis: limits and answers are kept in memory until it is back',
        'Redis is back',
      ])
    })

    test('hangs delays one call by 50 ms and is then skipped for a second', async () => {
      server = await openRedisServer()
      const { redis, lines } = open(server.url)
      await until(() => redis.answers())
      server.freeze()
      const started = performance.now()
      for (let i = 0; i < 20; i++)
        expect(await redis.attempt((client) => client.get('x'))).toBeUndefined()
      expect(performance.now() - started).toBeLessThan(500)
      server.thaw()
      await until(() => redis.answers())
      expect(lines.map(({ level }) => level)).toEqual([40, 30])
    })

    test('refuses the password is logged without the password', async () => {
      server = await openRedisServer({ password: 'right' })
      const { redis, lines } = open(server.url.replace('right', 'hush'))
      await until(async () => lines.length > 0)
      expect(await redis.answers()).toBe(false)
      expect(lines[0]?.reason).toContain('WRONGPASS')
      expect(JSON.stringify(lines)).not.toContain('hush')
    })
  },
)
