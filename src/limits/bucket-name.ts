/**
 * Returns the bucket name of an address. IPv6 addresses count by their /64 network, because one
 * household or server can use any address in it. All callers with an unknown address share a
 * bucket.
 *
 * @param address in its canonical form (`addressOf`)
 */
export function addressBucket(address: string | null): string {
  if (address === null || !address.includes(':')) return `address:${address ?? 'unknown'}`
  const [before = [], after = []] = address
    .split('::')
    .map((text) => text.split(':').filter((group) => group !== ''))
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  return `address:${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`
}

export function keyBucket(keyId: string): string {
  return `key:${keyId}`
}
