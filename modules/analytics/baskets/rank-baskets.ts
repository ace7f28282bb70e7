import type { PricedBasket } from '../../pricing/index.ts'
import { computeRanks } from '../sellers/price-range.ts'

/**
 * Sorts the same basket in many stores by missing products, then by cost; the sort is stable. Only
 * complete baskets have a rank, shared by equal totals, and savings against the cheapest (≤ 0).
 */
export function rankBaskets<T extends { priced: Pick<PricedBasket, 'agorot' | 'missing'> }>(
  baskets: readonly T[],
) {
  const sorted = baskets.toSorted(
    ({ priced: a }, { priced: b }) => a.missing.length - b.missing.length || a.agorot - b.agorot,
  )
  const totals = sorted
    .filter(({ priced }) => priced.missing.length === 0)
    .map(({ priced }) => priced.agorot)
  const ranks = computeRanks(totals)
  return sorted.map((basket, i) => {
    const total = totals[i]
    return {
      ...basket,
      rank: ranks[i] ?? null,
      savingsAgorot: total === undefined ? null : (totals[0] as number) - total,
    }
  })
}
