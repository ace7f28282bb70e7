import { isIP } from 'node:net'

const peers = new WeakMap<Request, string>()

/** Notes from which address a request came, as the server's socket knows it. */
export function notePeer(request: Request, address: string | undefined): void {
  if (address !== undefined) peers.set(request, address)
}

/**
 * The address of who sent a request; null for one that came by no socket (a test).
 *
 * @param hops the proxies of ours before us (`TRUST_PROXY`)
 */
export function addressOf(request: Request, hops: number): string | null {
  return callerAddress(request.headers.get('x-forwarded-for'), peers.get(request) ?? null, hops)
}

/**
 * The address of a caller behind `hops` proxies. Each of them has put the address that it was asked from at the right end of
 * X-Forwarded-For: of its entries, only so many from the right are believed, and none left of one that is no address.
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

/** An address in the one form that it is compared in: without port, brackets or zone; IPv4 as such. */
function plainAddress(text: string): string | null {
  const bare = /^\[(.*)\](:\d+)?$/.exec(text.trim())?.[1] ?? text.trim()
  const address = (/^([\d.]+):\d+$/.exec(bare)?.[1] ?? bare)
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=[\d.]+$)/i, '')
  const version = isIP(address)
  if (version === 6) return new URL(`http://[${address}]`).hostname.slice(1, -1)
  return version === 4 ? address : null
}
