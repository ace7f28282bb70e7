import { priceBasket } from '../../pricing/index.ts'
import type { Instance } from '../optimize/instance.ts'

export type Cost = { missing: number; agorot: number }

/**
 * The cost of the best plan, goods and visits, for at most one store, at most two, and so on, found
 * by trying every assignment of lines to stores. Leaving fewer lines out comes before cost.
 */
export function bruteForceOptimum({ lines, stores, maxStores, visitAgorot }: Instance): Cost[] {
  const cached = stores.map(() => new Map<number, Cost>())
  const costOf = (at: number, mask: number): Cost => {
    const cachedCost = cached[at]?.get(mask)
    if (cachedCost !== undefined) return cachedCost
    const { prices, promotions, shopper } = stores[at] as Instance['stores'][number]
    const own = lines.filter((_, i) => mask & (1 << i))
    const { agorot, missing } = priceBasket(own, prices, promotions, shopper)
    const cost = { missing: missing.length, agorot: agorot + visitAgorot }
    cached[at]?.set(mask, cost)
    return cost
  }

  const best: Cost[] = []
  let least: Cost = { missing: lines.length, agorot: 0 }
  for (let size = 1; size <= maxStores; size++) {
    for (const some of setsOf([...stores.keys()], size)) {
      for (const masks of partitions(lines.length, size)) {
        const costs = some.flatMap((at, i) =>
          masks[i] === 0 ? [] : [costOf(at, masks[i] as number)],
        )
        const missing = costs.reduce((sum, cost) => sum + cost.missing, 0)
        const agorot = costs.reduce((sum, cost) => sum + cost.agorot, 0)
        if (missing < least.missing || (missing === least.missing && agorot < least.agorot))
          least = { missing, agorot }
      }
    }
    best.push(least)
  }
  return best
}

function setsOf(places: readonly number[], size: number): number[][] {
  if (size === 0) return [[]]
  return places.flatMap((place, i) =>
    setsOf(places.slice(i + 1), size - 1).map((others) => [place, ...others]),
  )
}

/** Every assignment of lines to stores, as a mask of lines for each store. */
function* partitions(lines: number, stores: number): Generator<number[]> {
  const masks = Array.from({ length: stores }, () => 0)
  function* give(line: number): Generator<number[]> {
    if (line === lines) {
      yield masks
      return
    }
    for (let at = 0; at < stores; at++) {
      masks[at] = (masks[at] as number) + (1 << line)
      yield* give(line + 1)
      masks[at] = (masks[at] as number) - (1 << line)
    }
  }
  yield* give(0)
}
