/**
 * The number of occurrences of each price of each product, in a hash table of numbers with 12 bytes
 * an entry.
 */
export type PriceCounts = { keys: Float64Array; counts: Uint32Array; size: number }

/**
 * Prices are below 10 million shekels, so a product and its price in agorot fit in one exact
 * number.
 */
const PRICES = 2 ** 30
const EMPTY = 0

export function priceCounts(): PriceCounts {
  return { keys: new Float64Array(1 << 16), counts: new Uint32Array(1 << 16), size: 0 }
}

/** Counts a price in agorot for a product number (from 1); 0 agorot is not a price. */
export function countPrice(table: PriceCounts, product: number, agorot: number, times = 1): void {
  if (agorot === 0) return
  const slot = slotOf(table, product * PRICES + agorot)
  table.counts[slot] = (table.counts[slot] as number) + times
  if (table.keys[slot] !== EMPTY) return
  table.keys[slot] = product * PRICES + agorot
  if (++table.size * 2 > table.keys.length) grow(table)
}

/** The slot of a key, or the free slot for it. */
function slotOf({ keys }: PriceCounts, key: number): number {
  const mask = keys.length - 1
  const low = (key % 0x100000000) | 0
  let slot = (Math.imul(low ^ Math.imul((key / PRICES) | 0, 0x9e3779b1), 0x85ebca6b) >>> 7) & mask
  while (keys[slot] !== EMPTY && keys[slot] !== key) slot = (slot + 1) & mask
  return slot
}

function grow(table: PriceCounts): void {
  const { keys, counts } = table
  table.keys = new Float64Array(keys.length * 2)
  table.counts = new Uint32Array(keys.length * 2)
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number
    if (key === EMPTY) continue
    const slot = slotOf(table, key)
    table.keys[slot] = key
    table.counts[slot] = counts[i] as number
  }
}

/** The median of a product's prices, in agorot, and their number. */
export type Median = { agorot: number; prices: number }

/** Products with fewer prices have no outliers, because their median means little. */
const FEWEST_PRICES = 5
const TIMES = 3

/**
 * Whether a price is more than three times, or less than a third of, the median of enough prices.
 */
export function isOutlier(agorot: number, { agorot: median, prices }: Median): boolean {
  return prices >= FEWEST_PRICES && (agorot > median * TIMES || agorot * TIMES < median)
}

/** The products with an outlier among their prices, by number, with their medians. */
export function suspects(table: PriceCounts): Map<number, Median> {
  const medians = new Map<number, Median>()
  const keys = table.keys.filter((key) => key !== EMPTY).sort()
  for (let first = 0, end = 0; first < keys.length; first = end) {
    const product = Math.floor((keys[first] as number) / PRICES)
    while (end < keys.length && (keys[end] as number) < (product + 1) * PRICES) end++
    const agorot = Array.from(keys.subarray(first, end), (key) => key - product * PRICES)
    const counts = Array.from(
      keys.subarray(first, end),
      (key) => table.counts[slotOf(table, key)] as number,
    )
    const median = medianOf(agorot, counts)
    if (isOutlier(agorot[0] as number, median) || isOutlier(agorot.at(-1) as number, median))
      medians.set(product, median)
  }
  return medians
}

/**
 * The median of prices in ascending order with their counts; for an even count the mean of the two
 * middle ones.
 */
function medianOf(agorot: number[], counts: number[]): Median {
  const prices = counts.reduce((sum, count) => sum + count, 0)
  const at = (rank: number) => {
    let i = 0
    for (let seen = counts[0] as number; seen <= rank; seen += counts[i] as number) i++
    return agorot[i] as number
  }
  return { agorot: (at((prices - 1) >> 1) + at(prices >> 1)) / 2, prices }
}
