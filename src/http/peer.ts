import { isIP } from 'node:net'

const peers = new WeakMap<Request, string>()

/** Stores the peer address of the socket for a request. */
export function notePeer(request: Request, address: string | undefined): void {
  if (address !== undefined) peers.set(request, address)
}

/**
 * Returns the address of the caller; null for a request without a socket (in tests).
 *
 * @param hops the number of trusted proxies in front (`TRUST_PROXY`)
 */
export function addressOf(request: Request, hops: number): string | null {
  return callerAddress(request.headers.get('x-forwarded-for'), peers.get(request) ?? null, hops)
}

/**
 * Returns the address of a caller behind `hops` proxies. Each proxy appends the address of its
 * client to X-Forwarded-For. Only the last `hops` entries are trusted, and none before an invalid
 * entry.
 */
export function callerAddress(
  forwarded: string | null,
  peer: string | null,
  hops: number,
): string | null {
  const believed =
    hops === 0 || forwarded === null ? [] : forwarded.split(',').slice(-hops).reverse()
  let address = peer === null ? null : plainAddress(peer)
  for (const entry of believed) {
    const next = plainAddress(entry)
    if (next === null) break
    address = next
  }
  return address
}

/** Normalizes an address: no port, brackets or zone, and IPv4 not mapped to IPv6. */
function plainAddress(text: string): string | null {
  const bare = /^\[(.*)\](:\d+)?$/.exec(text.trim())?.[1] ?? text.trim()
  const address = (/^([\d.]+):\d+$/.exec(bare)?.[1] ?? bare)
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=[\d.]+$)/i, '')
  const version = isIP(address)
  if (version === 6) return new URL(`http://[${address}]`).hostname.slice(1, -1)
  return version === 4 ? address : null
}
