import { priceBasket } from '../../pricing/index.ts'
import type { Instance } from '../optimize/instance.ts'

export type Cost = { missing: number; agorot: number }

/**
 * What the best plan costs, goods and visits, for at most one store, at most two, and so on: the least of every way to
 * send every line to a store that sells it, or to none. As few lines as can be are left out.
 */
export function bruteOptimum({ lines, stores, mostStores, visitAgorot }: Instance): Cost[] {
  const known = stores.map(() => new Map<number, Cost>())
  const costOf = (at: number, mask: number): Cost => {
    const before = known[at]?.get(mask)
    if (before !== undefined) return before
    const { prices, promotions, shopper } = stores[at] as Instance['stores'][number]
    const own = lines.filter((_, i) => mask & (1 << i))
    const { agorot, missing } = priceBasket(own, prices, promotions, shopper)
    const cost = { missing: missing.length, agorot: agorot + visitAgorot }
    known[at]?.set(mask, cost)
    return cost
  }

  const best: Cost[] = []
  let least: Cost = { missing: lines.length, agorot: 0 }
  for (let size = 1; size <= mostStores; size++) {
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

/** Every way to give each of so many lines to one of so many stores, as masks of lines. */
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
