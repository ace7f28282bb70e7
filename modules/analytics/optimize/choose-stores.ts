import type { Watch } from './instance.ts'
import { type Split, splitBasket } from './split-basket.ts'
import type { StoreCosts } from './store-costs.ts'
import { type StoreSet, storeSets } from './store-sets.ts'

/** The stores to visit and what is bought where. */
export type Choice = Split & { stores: readonly StoreCosts[] }

/**
 * The best choice of at most one store, of at most two, and so on: the least for goods and visits together, of equal
 * ones with the fewest stores. Sets of stores are solved in the order of their lower bounds, until the next one is no
 * better than the best that was found.
 */
export function chooseStores(
  stores: readonly StoreCosts[],
  { mostStores, visitAgorot, watch }: { mostStores: number; visitAgorot: number; watch: Watch },
): Choice[] {
  const ranked = stores.toSorted((a, b) => sum(a.least) - sum(b.least) || a.store - b.store)
  const sets = storeSets(ranked, watch)
  const choices: Choice[] = []
  let below = Number.POSITIVE_INFINITY
  let best: Choice | undefined

  function solve({ bound, places }: StoreSet): void {
    if (bound >= below - 1e-6) return
    watch()
    const some = places.map((place) => ranked[place] as StoreCosts)
    const split = splitBasket(some, { below, watch })
    if (split === null) return
    best = { ...split, stores: some }
    below = split.agorot
  }

  for (let size = 1; size <= mostStores; size++) {
    const first = sets.lowest(size, below)
    if (first !== null) {
      solve(first)
      for (const set of sets.all(size, below)) solve(set)
    }
    if (best !== undefined) choices.push(best)
    // one store more is one visit more
    below -= visitAgorot
  }
  return choices
}

function sum(costs: Float64Array): number {
  return costs.reduce((total, cost) => total + cost, 0)
}
