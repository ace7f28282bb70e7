import { afterEach, describe, expect, test } from 'bun:test'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis as Client } from 'ioredis'
import { pino } from 'pino'
import { NO_REDIS } from '../testing/redis-server.ts'
import { freePort } from '../testing/s3-server.ts'
import { openRedis } from './redis.ts'

const log = pino({ level: 'silent' })
const closes: (() => void)[] = []
afterEach(() => {
  for (const close of closes.splice(0).reverse()) close()
})

/** Starts a Redis server with its own configuration and folder. */
async function startServer(lines: string[], ...options: string[]): Promise<number> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'super-zol-redis-'))
  const file = join(folder, 'redis.conf')
  const own = [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, 'save ""']
  writeFileSync(file, [...own, ...lines].join('\n'))
  const child = spawn('redis-server', [file, ...options], { stdio: 'ignore' })
  closes.push(() => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  await until(async () => (await ask(port, 'PING').catch(() => '')) === 'PONG')
  return port
}

/** Sends one command to a server. */
async function ask(port: number, ...command: string[]): Promise<unknown> {
  const client = new Client(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => {})
  try {
    await client.connect()
    const [name = '', ...args] = command
    return await client.call(name, args)
  } finally {
    client.disconnect()
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries === 400) throw new Error('Cannot wait any longer')
    await sleep(25)
  }
}

function open(url: string) {
  const redis = openRedis(url, log, { timeoutMs: 2000 })
  closes.push(() => redis.close())
  return redis
}

describe.skipIf(NO_REDIS !== null)('Redis behind several addresses', () => {
  test('a cluster client reads and writes keys of every node', async () => {
    const settings = ['cluster-enabled yes', 'cluster-node-timeout 2000']
    const nodes = [await startServer(settings), await startServer(settings)] as const
    await ask(nodes[0], 'CLUSTER', 'ADDSLOTSRANGE', '0', '8191')
    await ask(nodes[1], 'CLUSTER', 'ADDSLOTSRANGE', '8192', '16383')
    await ask(nodes[0], 'CLUSTER', 'MEET', '127.0.0.1', String(nodes[1]))
    await until(async () => {
      const states = await Promise.all(nodes.map((port) => ask(port, 'CLUSTER', 'INFO')))
      return states.every((state) =>
        /cluster_state:ok[\s\S]*cluster_known_nodes:2/.test(`${state}`),
      )
    })
    const redis = open(`redis+cluster://127.0.0.1:${nodes[0]}`)
    await until(() => redis.answers())
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`)
    for (const key of keys) {
      expect(await redis.attempt((client) => client.set(key, key))).toBe('OK')
      expect(await redis.attempt((client) => client.get(key))).toBe(key)
    }
    const sizes = await Promise.all(nodes.map((port) => ask(port, 'DBSIZE')))
    expect(sizes.every((size) => Number(size) > 0)).toBe(true)
  })

  test('a sentinel client follows a failover to the new master', async () => {
    const master = await startServer([])
    const replica = await startServer([`replicaof 127.0.0.1 ${master}`])
    const sentinel = await startServer(
      [
        `sentinel monitor main 127.0.0.1 ${master} 1`,
        'sentinel down-after-milliseconds main 1000',
        'sentinel failover-timeout main 3000',
      ],
      '--sentinel',
    )
    const redis = open(`redis+sentinel://127.0.0.1:${sentinel}/main`)
    await until(() => redis.answers())
    expect(await redis.attempt((client) => client.set('key', 'kept'))).toBe('OK')
    await until(async () => {
      const info = String(await ask(sentinel, 'SENTINEL', 'REPLICAS', 'main'))
      return info.includes(String(replica)) && /master-link-status,ok/.test(info)
    })
    await ask(sentinel, 'SENTINEL', 'FAILOVER', 'main')
    await until(async () => String(await ask(replica, 'ROLE')).startsWith('master'))
    await ask(master, 'SHUTDOWN', 'NOSAVE').catch(() => {})
    await until(async () => (await redis.attempt((client) => client.get('key'))) === 'kept')
    expect(await redis.attempt((client) => client.set('key', 'new'))).toBe('OK')
    expect(await ask(replica, 'GET', 'key')).toBe('new')
  })
})
