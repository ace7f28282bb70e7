import type { Watch } from './instance.ts'
import type { StoreCosts } from './store-costs.ts'

/** Stores as places in a list, and what the goods cost at least in all of them. */
export type StoreSet = { bound: number; places: number[] }

type Search = { size: number; below: number; watch: Watch }

/**
 * The sets of so many stores whose lower bound is below: every line in the store where its own bound is the lowest. Lines
 * go by what they cost more than in the best of all stores, those first in which stores differ most, so that the sum passes
 * the limit soon.
 */
export function storeSets(stores: readonly StoreCosts[], watch: Watch) {
  const lines = [...(stores[0]?.least.keys() ?? [])]
  const lowest = lines.map((line) => Math.min(...stores.map(({ least }) => least[line] as number)))
  const sums = lines.map((line) => stores.reduce((sum, { least }) => sum + (least[line] as number), 0))
  const spread = (line: number) => (sums[line] as number) - stores.length * (lowest[line] as number)
  lines.sort((a, b) => spread(b) - spread(a))
  const base = lowest.reduce((sum, least) => sum + least, 0)
  const excess = stores.map(({ least }) =>
    Float64Array.from(lines, (line) => (least[line] as number) - (lowest[line] as number)),
  )
  const following = lowestFollowing(excess)

  /** Visits every set below; `visit` answers the new limit. */
  function visitSets({ size, below, visit }: Omit<Search, 'watch'> & { visit: (set: StoreSet) => number }): void {
    const mins = Array.from({ length: size }, () => new Float64Array(lines.length).fill(Number.POSITIVE_INFINITY))
    const places: number[] = []
    let limit = below - base - 1e-6

    function add(from: number): void {
      const depth = places.length
      const before = mins[depth] as Float64Array
      for (let place = from; place <= stores.length - (size - depth); place++) {
        // no store from here on brings anything below
        if (sumOfLower(before, following[place] as Float64Array, limit) >= limit) return
        const own = excess[place] as Float64Array
        if (depth + 1 === size) {
          const bound = sumOfLower(before, own, limit)
          if (bound < limit) limit = visit({ bound: bound + base, places: [...places, place] }) - base - 1e-6
          continue
        }
        const after = mins[depth + 1] as Float64Array
        lower(before, own, after)
        if (sumOfLower(after, following[place + 1] as Float64Array, limit) >= limit) continue
        watch()
        places.push(place)
        add(place + 1)
        places.pop()
      }
    }
    add(0)
  }

  return {
    lowest(size: number, below: number): StoreSet | null {
      let found: StoreSet | null = null
      const visit = (set: StoreSet) => {
        found = set
        return set.bound
      }
      visitSets({ size, below, visit })
      return found
    },
    /** In the order of their bounds. */
    all(size: number, below: number): StoreSet[] {
      const found: StoreSet[] = []
      const visit = (set: StoreSet) => {
        found.push(set)
        return below
      }
      visitSets({ size, below, visit })
      return found.sort((a, b) => a.bound - b.bound)
    },
  }
}

/** Line by line the lowest of the stores from each place on. */
function lowestFollowing(excess: readonly Float64Array[]): Float64Array[] {
  const lowest = [new Float64Array(excess[0]?.length ?? 0).fill(Number.POSITIVE_INFINITY)]
  for (const own of excess.toReversed()) {
    const next = new Float64Array(own.length)
    lower(lowest[0] as Float64Array, own, next)
    lowest.unshift(next)
  }
  return lowest
}

function lower(a: Float64Array, b: Float64Array, into: Float64Array): void {
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number
    const y = b[i] as number
    into[i] = x < y ? x : y
  }
}

/** Given up when it has reached the limit. */
function sumOfLower(a: Float64Array, b: Float64Array, limit: number): number {
  let sum = 0
  for (let i = 0; i < a.length && sum < limit; i++) {
    const x = a[i] as number
    const y = b[i] as number
    sum += x < y ? x : y
  }
  return sum
}
