/**
 * Deterministic numbers: every figure of the sample is a hash of what it belongs to (seed, store,
 * article, day), so it does not depend on the order in which it is asked for. 32-bit integers only:
 * the same on every machine.
 */
export function hash(...keys: number[]): number {
  let h = 0x9e3779b9
  for (const key of keys) {
    h = Math.imul(h ^ key, 0x85ebca6b)
    h ^= h >>> 13
    h = Math.imul(h, 0xc2b2ae35)
    h ^= h >>> 16
  }
  return h >>> 0
}

/** A number in [0, 1) for these keys. */
export function chance(...keys: number[]): number {
  return hash(...keys) / 4_294_967_296
}

/** The items in an order that depends on the seed alone. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  return items
    .map((item, index) => ({ item, index, at: hash(seed, index) }))
    .sort((a, b) => a.at - b.at || a.index - b.index)
    .map(({ item }) => item)
}

/** The item of a non-empty list at an index modulo its length. */
export function pick<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length]
  if (item === undefined) throw new Error('Cannot pick: the list is empty')
  return item
}
