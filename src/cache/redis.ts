import type { Logger } from '../log.ts'
import { createRedisClient, type RedisClient } from './redis-client.ts'

/** A Redis that may become unavailable at any time. The service works without it. */
export type Redis = {
  /**
   * Runs commands. Resolves to undefined when Redis is unavailable or does not answer within the
   * timeout; never rejects.
   */
  attempt<T>(commands: (client: RedisClient) => Promise<T>): Promise<T | undefined>
  /** Whether Redis answers now. */
  answers(): Promise<boolean>
  close(): void
}

/** The maximum time that a request waits for Redis. */
const TIMEOUT_MS = 50
/** How long Redis is skipped after it did not answer. */
const REST_MS = 1000

/**
 * Opens a Redis client without waiting for the connection, and reconnects for ever. The loss and
 * the return of Redis are one log line each. Only the message of an error is logged, because
 * ioredis errors hold the arguments of the command, including passwords.
 */
export function openRedis(url: string, log: Logger, { timeoutMs = TIMEOUT_MS } = {}): Redis {
  const client = createRedisClient(url, {
    connectionName: 'super-zol',
    connectTimeout: 2000,
    // a silent socket is replaced
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
    // an answer that has already arrived while this process was busy is read first
    timer = setTimeout(() => setImmediate(fail), timeoutMs)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
