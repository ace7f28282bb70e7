import { type Assignment, assignLines } from './assign-lines.ts'
import { type Component, collectSellers, findComponents } from './components.ts'
import type { DeadlineCheck } from './instance.ts'
import { meetMinimums } from './meet-minimums.ts'
import { fullMask, intersectMasks, sumOfBits } from './part-costs.ts'
import type { StoreCosts } from './store-costs.ts'

/** The total cost, and the store that sells each line (index, or -1 for none). */
export type Split = { agorot: number; sellers: number[] }

/**
 * The cheapest way to buy the lines in these stores; null when none costs less than `below`.
 * Components are solved one by one with every basket minimum assumed met; together only if the
 * result does not meet them.
 */
export function splitBasket(
  stores: readonly StoreCosts[],
  { below, checkDeadline }: { below: number; checkDeadline: DeadlineCheck },
): Split | null {
  const components = findComponents(stores)
  const bounds = components.map(({ lines }) =>
    lines.reduce(
      (sum, line) => sum + Math.min(...stores.map(({ least }) => least[line] as number)),
      0,
    ),
  )
  let total = bounds.reduce((sum, bound) => sum + bound, 0)
  const cheapestAssignments: Assignment[] = []
  for (const [c, component] of components.entries()) {
    const rest = total - (bounds[c] as number)
    let best: Assignment | undefined
    const visit = (assignment: Assignment) => {
      best = assignment
      return assignment.agorot
    }
    assignLines(component, stores, { below: below - rest, visit, checkDeadline })
    if (best === undefined) return null
    cheapestAssignments.push(best)
    total = rest + best.agorot
  }
  const split = {
    agorot: Math.round(total),
    sellers: collectSellers(components, cheapestAssignments),
  }
  if (split.agorot >= below) return null
  if (minimumsHold(components, { stores, cheapestAssignments })) return split
  return meetMinimums(components, { stores, cheapestAssignments, below, checkDeadline })
}

/** Whether the cost stays the same when only the minimums that are reached count as met. */
function minimumsHold(
  components: readonly Component[],
  {
    stores,
    cheapestAssignments,
  }: { stores: readonly StoreCosts[]; cheapestAssignments: readonly Assignment[] },
): boolean {
  const sellers = collectSellers(components, cheapestAssignments)
  const shelf = stores.map((store, at) =>
    sellers.reduce(
      (sum, seller, line) => (seller === at ? sum + (store.shelf[line] as number) : sum),
      0,
    ),
  )
  return components.every(({ slots }, c) =>
    slots.every(({ at, part }, s) => {
      const mask = cheapestAssignments[c]?.masks[s] as number
      const met = part.conditions.reduce((bits, { minimum, named }, i) => {
        const others =
          (shelf[at] as number) -
          sumOfBits(part.shelf, intersectMasks(mask, named, part.lines.length))
        return others >= minimum ? bits + 2 ** i : bits
      }, 0)
      return part.cost(mask, met) === part.cost(mask, fullMask(part.conditions))
    }),
  )
}
