import type { Logger } from '../log.ts'
import { createRedisClient, type RedisClient } from './redis-client.ts'

/** A Redis that may be lost at any time: what it keeps can be done without. */
export type Redis = {
  /**
   * Runs commands. Resolves to undefined when Redis is lost or does not answer within the
   * timeout; never rejects.
   */
  attempt<T>(commands: (client: RedisClient) => Promise<T>): Promise<T | undefined>
  /** Does it answer now? */
  answers(): Promise<boolean>
  close(): void
}

/** A request waits for Redis no longer than this. */
const TIMEOUT_MS = 50
/** One that does not answer is left alone for so long. */
const REST_MS = 1000

/**
 * Opens the Redis of a URL (`parseRedisUrl`) without waiting for it, and tries for ever to get it back. Its loss
 * and its return are one line in the log each; errors are told by their message alone, for those of ioredis hold the
 * arguments of the command, a password among them.
 */
export function openRedis(url: string, log: Logger, { timeoutMs = TIMEOUT_MS } = {}): Redis {
  const client = createRedisClient(url, {
    connectionName: 'super-zol',
    connectTimeout: 2000,
    // a socket that has gone silent is made anew
    socketTimeout: 10_000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (tries) => Math.min(25 * 2 ** Math.min(tries, 10), 2000),
  })
  let lost = false
  let restsUntil = 0
  const lose = (reason: string) => {
    if (!lost)
      log.warn(
        { reason },
        'Cannot use Redis: limits and answers are kept in memory until it is back',
      )
    lost = true
  }
  const find = () => {
    if (lost) log.info('Redis is back')
    lost = false
  }
  client.on('ready', find)
  client.on('error', (error: Error) => lose(error.message))
  client.on('close', () => lose('the connection was closed'))

  const attempt = async <T>(
    commands: (client: RedisClient) => Promise<T>,
  ): Promise<T | undefined> => {
    if (client.status !== 'ready' || performance.now() < restsUntil) return undefined
    try {
      const answer = await inTime(commands(client), timeoutMs)
      find()
      return answer
    } catch (error) {
      restsUntil = performance.now() + REST_MS
      lose(error instanceof Error ? error.message : String(error))
      return undefined
    }
  }
  return {
    attempt,
    answers: async () => (await attempt((client) => client.ping())) === 'PONG',
    close: () => {
      client.removeAllListeners('close')
      client.disconnect()
    },
  }
}

function inTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`it does not answer within ${timeoutMs} ms`))
    // an answer that waits behind a busy moment of this process is read first
    timer = setTimeout(() => setImmediate(fail), timeoutMs)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
