/** The parts of a Redis URL. */
export interface RedisPlace {
  kind: 'server' | 'sentinel' | 'cluster'
  tls: boolean
  nodes: { host: string; port: number }[]
  username: string
  password: string
  /** The master name that the sentinels use; empty for the other kinds. */
  master: string
  database: number
}

const URL_PARTS =
  /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?#@]+)(?:\/(.*))?$/
const NODE = /^([^:[\]\s,]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?$/

/**
 * Reads the URL of a server (`redis://…/DATABASE`), of sentinels
 * (`redis+sentinel://:PASSWORD@HOST:26379,HOST:26379/MASTER/DATABASE`) or of a cluster
 * (`redis+cluster://:PASSWORD@HOST:6379,HOST:6379`); with `rediss` over TLS.
 * @returns undefined for any other text
 */
export function parseRedisUrl(text: string): RedisPlace | undefined {
  const [, tls, kind = 'server', username = '', password = '', hosts = '', path = ''] =
    URL_PARTS.exec(text) ?? []
  const standard = kind === 'sentinel' ? 26_379 : 6379
  const nodes = hosts.split(',').map((node) => {
    const [, host = '', port = String(standard)] = NODE.exec(node) ?? []
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
  })
  const [first = '', second = ''] = path.split('/')
  const master = kind === 'sentinel' ? first : ''
  const database = (kind === 'sentinel' ? second : first) || '0'
  const valid =
    nodes.every(({ host, port }) => host !== '' && port > 0 && port < 65_536) &&
    (kind !== 'server' || nodes.length === 1) &&
    (kind !== 'sentinel' || master !== '') &&
    (kind !== 'cluster' || database === '0') &&
    /^\d{1,5}$/.test(database)
  if (!valid) return undefined
  return {
    kind: kind as RedisPlace['kind'],
    tls: tls === 's',
    nodes,
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    master,
    database: Number(database),
  }
}
