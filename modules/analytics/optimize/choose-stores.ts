import type { DeadlineCheck } from './instance.ts'
import { type Split, splitBasket } from './split-basket.ts'
import type { StoreCosts } from './store-costs.ts'
import { type StoreSet, storeSets } from './store-sets.ts'

/** The stores to visit, and what is bought in each. */
export type Choice = Split & { stores: readonly StoreCosts[] }

/**
 * The cheapest choice of at most one store, at most two, and so on, visits included; among equal
 * ones, the one with the fewest stores. Branch and bound: store sets are solved in the order of
 * their lower bounds until a bound reaches the best cost so far.
 */
export function chooseStores(
  stores: readonly StoreCosts[],
  {
    maxStores,
    visitAgorot,
    checkDeadline,
  }: { maxStores: number; visitAgorot: number; checkDeadline: DeadlineCheck },
): Choice[] {
  const ranked = stores.toSorted((a, b) => sum(a.least) - sum(b.least) || a.store - b.store)
  const sets = storeSets(ranked, checkDeadline)
  const choices: Choice[] = []
  let below = Number.POSITIVE_INFINITY
  let best: Choice | undefined

  function solve({ bound, places }: StoreSet): void {
    if (bound >= below - 1e-6) return
    checkDeadline()
    const some = places.map((place) => ranked[place] as StoreCosts)
    const split = splitBasket(some, { below, checkDeadline })
    if (split === null) return
    best = { ...split, stores: some }
    below = split.agorot
  }

  for (let size = 1; size <= maxStores; size++) {
    const first = sets.lowest(size, below)
    if (first !== null) {
      solve(first)
      for (const set of sets.all(size, below)) solve(set)
    }
    if (best !== undefined) choices.push(best)
    // a set with one more store pays for one more visit
    below -= visitAgorot
  }
  return choices
}

function sum(costs: Float64Array): number {
  return costs.reduce((total, cost) => total + cost, 0)
}
