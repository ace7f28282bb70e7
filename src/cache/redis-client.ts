import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { parseRedisUrl } from './redis-url.ts'

/** What clients of every kind of place may be given. */
type ConnectionOptions = Omit<RedisOptions, 'replyMapping'>

/** What both kinds of client can do: commands on single keys. */
export type RedisClient = Redis | Cluster

/**
 * A client of the place that a URL names. It connects by itself.
 * @throws Error when the URL is none of Redis
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
