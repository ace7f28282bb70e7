import type { Watch } from './instance.ts'
import type { StoreCosts } from './store-costs.ts'

/** Stores as places in a list, and what the goods cost at least in all of them. */
export type StoreSet = { bound: number; places: number[] }

/** Answers the new limit: sets whose bound is not below it are not visited. */
type Visit = (set: StoreSet) => number

/**
 * The sets of one to three stores by their lower bounds: every line in the store where its own bound is the lowest. What
 * a store takes off the bound of a set is no more than what it takes off the bound of each store in it, so of most sets
 * of three a look at two numbers suffices. Of the others, lines are added up by what they cost more than in the best of
 * all stores, those first in which stores differ most, until the sum passes the limit.
 */
export function storeSets(stores: readonly StoreCosts[], watch: Watch) {
  const { base, excess } = excessOf(stores)
  const sums = excess.map((own) => own.reduce((sum, one) => sum + one, base))
  const gains = excess.map((own, a) =>
    Float64Array.from(excess, (other, b) => (b > a ? gainOf(own, other) : 0)),
  )
  /** By the place of a store: the most that a store from each place on takes off its bound. */
  const mostGains = gains.map((own) => {
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
      watch()
      for (let b = a + 1; b < stores.length; b++) {
        const bound = sum - (gains[a]?.[b] as number)
        if (bound < limit) limit = visit({ bound, places: [a, b] })
      }
    }
  }

  function visitTriples(below: number, visit: Visit): void {
    let limit = below
    for (let a = 0; a < stores.length; a++) {
      watch()
      const own = gains[a] as Float64Array
      const most = mostGains[a] as Float64Array
      for (let b = a + 1; b + 1 < stores.length; b++) {
        const pair = (sums[a] as number) - (own[b] as number)
        if (pair - (most[b + 1] as number) >= limit) continue
        const others = gains[b] as Float64Array
        const lower = lowerOf(excess[a] as Float64Array, excess[b] as Float64Array)
        for (let c = b + 1; c < stores.length; c++) {
          const x = own[c] as number
          const y = others[c] as number
          if (pair - (x < y ? x : y) >= limit) continue
          const bound = sumOfLower(lower, excess[c] as Float64Array, { base, limit })
          if (bound < limit) limit = visit({ bound, places: [a, b, c] })
        }
      }
    }
  }

  return {
    /** The set with the lowest bound. */
    lowest(size: number, below: number): StoreSet | null {
      let found: StoreSet | null = null
      visitSets(size, below, (set) => {
        found = set
        return set.bound
      })
      return found
    },
    /** Those with a bound below, in its order. */
    all(size: number, below: number): StoreSet[] {
      const found: StoreSet[] = []
      visitSets(size, below, (set) => {
        found.push(set)
        return below
      })
      return found.sort((a, b) => a.bound - b.bound)
    },
  }
}

/** By store, what each line costs at least more than in the best of all; `base`: what all cost there. */
function excessOf(stores: readonly StoreCosts[]): { base: number; excess: Float64Array[] } {
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
    base: lowest.reduce((sum, one) => sum + one, 0),
    excess: stores.map(({ least }) =>
      Float64Array.from(lines, (line) => (least[line] as number) - (lowest[line] as number)),
    ),
  }
}

/** What another store takes off the bound of a store. */
function gainOf(own: Float64Array, other: Float64Array): number {
  let gain = 0
  for (let i = 0; i < own.length; i++) {
    const x = own[i] as number
    const y = other[i] as number
    if (y < x) gain += x - y
  }
  return gain
}

function lowerOf(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((one, i) => Math.min(one, b[i] as number))
}

function sumOfLower(
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
