/**
 * Under which name an address is counted. IPv6 is by /64, which is what one household or server gets: it could call from
 * another of its addresses each time. Callers whose address nobody knows are one.
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
