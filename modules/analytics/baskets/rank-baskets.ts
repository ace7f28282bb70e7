import type { PricedBasket } from '../../pricing/index.ts'
import { ranksOf } from '../sellers/price-range.ts'

/**
 * The same basket in many stores: those that sell most of it first, of these the cheapest; equal ones stay in their order.
 * Only whole baskets have a rank (equal totals share it), and savings against the cheapest of them: 0, or less.
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
  const ranks = ranksOf(totals)
  return sorted.map((one, i) => {
    const total = totals[i]
    return {
      ...one,
      rank: ranks[i] ?? null,
      savingsAgorot: total === undefined ? null : (totals[0] as number) - total,
    }
  })
}
