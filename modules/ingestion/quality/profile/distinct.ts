/** Up to this number, distinct values are counted exactly. */
export const EXACT_VALUES = 10_000

const INDEX_BITS = 14
const REGISTERS = 1 << INDEX_BITS
/** A used register holds 1 to 33: the leading zeros of 32 bits plus one. */
const HIGHEST = 33
const SAMPLES = 5

/**
 * Counts distinct values by their hashes: exactly up to `EXACT_VALUES`, above that by HyperLogLog.
 */
export type DistinctCounter = {
  exact: Set<number> | null
  registers: Uint8Array
  /** The values with the smallest hashes: an unbiased choice, independent of their order. */
  samples: { rank: number; text: string }[]
}

export function distinctCounter(): DistinctCounter {
  return { exact: new Set(), registers: new Uint8Array(0), samples: [] }
}

/** Counts a value by two hashes of 32 bits; `text` is called only if the value becomes a sample. */
export function countValue(
  counter: DistinctCounter,
  hash: number,
  hash2: number,
  text: () => string,
): void {
  const key = (hash >>> 0) * 0x200000 + (hash2 >>> 11)
  if (counter.exact?.has(key)) return
  const high = hash | 0
  const low = hash2 >>> 11
  if (counter.exact === null) countRegister(counter.registers, high, low)
  else {
    counter.exact.add(key)
    if (counter.exact.size > EXACT_VALUES) {
      counter.registers = new Uint8Array(REGISTERS)
      for (const value of counter.exact)
        countRegister(counter.registers, Math.floor(value / 0x200000) | 0, value % 0x200000)
      counter.exact = null
    }
  }
  sample(counter.samples, mixed(high, low, 0x27d4eb2f) >>> 0, text)
}

function countRegister(registers: Uint8Array, high: number, low: number): void {
  const index = mixed(high, low, 0x165667b1) >>> (32 - INDEX_BITS)
  const rank = Math.clz32(mixed(high, low, 0x9e3779b1)) + 1
  if (rank > (registers[index] as number)) registers[index] = rank
}

/** Mixes two hashes into 32 bits (the finalizer of MurmurHash3). */
function mixed(high: number, low: number, seed: number): number {
  let bits = Math.imul(high ^ seed, 0xcc9e2d51) + Math.imul(low ^ (seed >>> 7), 0x1b873593)
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return bits ^ (bits >>> 16)
}

function sample(samples: DistinctCounter['samples'], rank: number, text: () => string): void {
  const last = samples[SAMPLES - 1]
  if (last !== undefined && rank >= last.rank) return
  if (samples.some((one) => one.rank === rank)) return
  samples.push({ rank, text: text() })
  samples.sort((a, b) => a.rank - b.rank)
  samples.length = Math.min(samples.length, SAMPLES)
}

/** The number of distinct values; an estimate has a standard error of 0.8%. */
export function distinctCount({ exact, registers }: DistinctCounter): {
  count: number
  exact: boolean
} {
  return exact === null
    ? { count: estimate(registers), exact: false }
    : { count: exact.size, exact: true }
}

/**
 * Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017), the improved raw
 * estimator.
 */
function estimate(registers: Uint8Array): number {
  const having = new Array<number>(HIGHEST + 1).fill(0)
  for (const rank of registers) having[rank] = (having[rank] as number) + 1
  let sum = REGISTERS * tau(1 - (having[HIGHEST] as number) / REGISTERS)
  for (let rank = HIGHEST - 1; rank >= 1; rank--) sum = (sum + (having[rank] as number)) / 2
  sum += REGISTERS * sigma((having[0] as number) / REGISTERS)
  return Math.round(REGISTERS ** 2 / (2 * Math.LN2 * sum))
}

function sigma(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY
  let [power, weight, sum, before] = [x, 1, x, Number.NaN]
  while (sum !== before) {
    power *= power
    before = sum
    sum += power * weight
    weight += weight
  }
  return sum
}

function tau(x: number): number {
  if (x === 0 || x === 1) return 0
  let [root, weight, sum, before] = [x, 1, 1 - x, Number.NaN]
  while (sum !== before) {
    root = Math.sqrt(root)
    before = sum
    weight /= 2
    sum -= (1 - root) ** 2 * weight
  }
  return sum / 3
}
