import type { DeadlineCheck } from './instance.ts'
import type { StoreCosts } from './store-costs.ts'

/** Store indexes, and a lower bound for the cost of the goods in these stores. */
export type StoreSet = { bound: number; places: number[] }

/** Returns the new limit: sets whose bound is not below it are skipped. */
type Visit = (set: StoreSet) => number

/**
 * Enumerates sets of one to three stores with their lower bounds (each line at its lowest bound).
 * Adding a store lowers a set's bound by at most what it lowers the bound of each member, so most
 * triples are skipped after two comparisons; for the rest, lines are summed until over the limit.
 */
export function storeSets(stores: readonly StoreCosts[], checkDeadline: DeadlineCheck) {
  const { base, excess } = computeExcess(stores)
  const sums = excess.map((own) => own.reduce((sum, bound) => sum + bound, base))
  const gains = excess.map((own, a) =>
    Float64Array.from(excess, (other, b) => (b > a ? computeGain(own, other) : 0)),
  )
  /** By store, for each index: the largest gain from any store at that index or later. */
  const maxGains = gains.map((own) => {
    const most = own.slice()
    for (let b = most.length - 2; b >= 0; b--)
      most[b] = Math.max(most[b] as number, most[b + 1] as number)
    return most
  })

  function visitSets(size: number, below: number, visit: Visit): void {
    if (size === 1) visitSingles(below, visit)
    else if (size === 2) visitPairs(below, visit)
    else visitTriples(below, visit)
  }

  function visitSingles(below: number, visit: Visit): void {
    let limit = below
    for (const [a, bound] of sums.entries())
      if (bound < limit) limit = visit({ bound, places: [a] })
  }

  function visitPairs(below: number, visit: Visit): void {
    let limit = below
    for (const [a, sum] of sums.entries()) {
      checkDeadline()
      for (let b = a + 1; b < stores.length; b++) {
        const bound = sum - (gains[a]?.[b] as number)
        if (bound < limit) limit = visit({ bound, places: [a, b] })
      }
    }
  }

  function visitTriples(below: number, visit: Visit): void {
    let limit = below
    for (let a = 0; a < stores.length; a++) {
      checkDeadline()
      const own = gains[a] as Float64Array
      const most = maxGains[a] as Float64Array
      for (let b = a + 1; b + 1 < stores.length; b++) {
        const pair = (sums[a] as number) - (own[b] as number)
        if (pair - (most[b + 1] as number) >= limit) continue
        const others = gains[b] as Float64Array
        const lower = elementwiseMin(excess[a] as Float64Array, excess[b] as Float64Array)
        for (let c = b + 1; c < stores.length; c++) {
          const x = own[c] as number
          const y = others[c] as number
          if (pair - (x < y ? x : y) >= limit) continue
          const bound = sumOfMinima(lower, excess[c] as Float64Array, { base, limit })
          if (bound < limit) limit = visit({ bound, places: [a, b, c] })
        }
      }
    }
  }

  return {
    /** The set with the lowest bound. */
    lowest(size: number, below: number): StoreSet | null {
      let lowest: StoreSet | null = null
      visitSets(size, below, (set) => {
        lowest = set
        return set.bound
      })
      return lowest
    },
    /** The sets with a bound below the limit, lowest first. */
    all(size: number, below: number): StoreSet[] {
      const sets: StoreSet[] = []
      visitSets(size, below, (set) => {
        sets.push(set)
        return below
      })
      return sets.sort((a, b) => a.bound - b.bound)
    },
  }
}

/**
 * By store, how far each line's bound exceeds the lowest of all stores; lines that differ most come
 * first. `base` is the sum of the lowest bounds.
 */
function computeExcess(stores: readonly StoreCosts[]): { base: number; excess: Float64Array[] } {
  const lines = [...(stores[0]?.least.keys() ?? [])]
  const lowest = lines.map((line) => Math.min(...stores.map(({ least }) => least[line] as number)))
  const spreads = lines.map((line) => {
    return stores.reduce(
      (sum, { least }) => sum + (least[line] as number) - (lowest[line] as number),
      0,
    )
  })
  lines.sort((a, b) => (spreads[b] as number) - (spreads[a] as number))
  return {
    base: lowest.reduce((sum, bound) => sum + bound, 0),
    excess: stores.map(({ least }) =>
      Float64Array.from(lines, (line) => (least[line] as number) - (lowest[line] as number)),
    ),
  }
}

/** How much a second store lowers the bound of the first. */
function computeGain(own: Float64Array, other: Float64Array): number {
  let gain = 0
  for (let i = 0; i < own.length; i++) {
    const x = own[i] as number
    const y = other[i] as number
    if (y < x) gain += x - y
  }
  return gain
}

function elementwiseMin(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => Math.min(value, b[i] as number))
}

function sumOfMinima(
  a: Float64Array,
  b: Float64Array,
  { base, limit }: { base: number; limit: number },
): number {
  let sum = base
  for (let i = 0; i < a.length && sum < limit; i++) {
    const x = a[i] as number
    const y = b[i] as number
    sum += x < y ? x : y
  }
  return sum
}
