import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { parseRedisUrl } from './redis-url.ts'

/** The options of all kinds of clients. */
type ConnectionOptions = Omit<RedisOptions, 'replyMapping'>

/** Both kinds of clients run commands on single keys. */
export type RedisClient = Redis | Cluster

/**
 * Creates a client for a Redis URL. The client connects on its own.
 * @throws Error when the URL is not a Redis URL
 */
export function createRedisClient(url: string, options: ConnectionOptions): RedisClient {
  const place = parseRedisUrl(url)
  if (place === undefined) throw new Error('Cannot read the URL of Redis')
  const { kind, nodes, username, password, master, database } = place
  const access: ConnectionOptions = {
    ...options,
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(place.tls && { tls: {} }),
  }
  if (kind === 'cluster') {
    const { enableOfflineQueue = true, retryStrategy, ...redisOptions } = access
    return new Cluster(nodes, {
      redisOptions,
      enableOfflineQueue,
      ...(retryStrategy && { clusterRetryStrategy: (tries) => Number(retryStrategy(tries)) }),
    })
  }
  if (kind === 'sentinel') {
    const { retryStrategy } = access
    return new Redis({
      ...access,
      sentinels: nodes,
      name: master,
      db: database,
      ...(password !== '' && { sentinelPassword: password }),
      ...(place.tls && { enableTLSForSentinelMode: true }),
      ...(retryStrategy && { sentinelRetryStrategy: retryStrategy }),
    })
  }
  const [{ host, port } = { host: 'localhost', port: 6379 }] = nodes
  return new Redis({ ...access, host, port, db: database })
}
