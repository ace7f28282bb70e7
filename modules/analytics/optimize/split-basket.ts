import { type Assignment, assignLines } from './assign-lines.ts'
import { type Component, componentsOf, sellersOf } from './components.ts'
import type { Watch } from './instance.ts'
import { meetMinimums } from './meet-minimums.ts'
import { allOf, both, sumOf } from './part-costs.ts'
import type { StoreCosts } from './store-costs.ts'

/** Where each line is bought, as a place among the stores or -1, and what all cost. */
export type Split = { agorot: number; sellers: number[] }

/**
 * The cheapest way to buy the lines in all of these stores; null when none costs less than `below`. Components are
 * decided one by one as if every basket minimum were met; only if that is not so, together.
 */
export function splitBasket(
  stores: readonly StoreCosts[],
  { below, watch }: { below: number; watch: Watch },
): Split | null {
  const components = componentsOf(stores)
  const bounds = components.map(({ lines }) =>
    lines.reduce(
      (sum, line) => sum + Math.min(...stores.map(({ least }) => least[line] as number)),
      0,
    ),
  )
  let total = bounds.reduce((sum, bound) => sum + bound, 0)
  const found: Assignment[] = []
  for (const [c, component] of components.entries()) {
    const rest = total - (bounds[c] as number)
    let best: Assignment | undefined
    const visit = (one: Assignment) => {
      best = one
      return one.agorot
    }
    assignLines(component, stores, { below: below - rest, visit, watch })
    if (best === undefined) return null
    found.push(best)
    total = rest + best.agorot
  }
  const split = { agorot: Math.round(total), sellers: sellersOf(components, found) }
  if (split.agorot >= below) return null
  if (holds(components, { stores, found })) return split
  return meetMinimums(components, { stores, found, below, watch })
}

/** Whether it costs no more with those conditions only that are met. */
function holds(
  components: readonly Component[],
  { stores, found }: { stores: readonly StoreCosts[]; found: readonly Assignment[] },
): boolean {
  const sellers = sellersOf(components, found)
  const shelf = stores.map((store, at) =>
    sellers.reduce(
      (sum, seller, line) => (seller === at ? sum + (store.shelf[line] as number) : sum),
      0,
    ),
  )
  return components.every(({ slots }, c) =>
    slots.every(({ at, part }, s) => {
      const mask = found[c]?.masks[s] as number
      const met = part.conditions.reduce((bits, { minimum, named }, i) => {
        const others =
          (shelf[at] as number) - sumOf(part.shelf, both(mask, named, part.lines.length))
        return others >= minimum ? bits + 2 ** i : bits
      }, 0)
      return part.cost(mask, met) === part.cost(mask, allOf(part.conditions))
    }),
  )
}
