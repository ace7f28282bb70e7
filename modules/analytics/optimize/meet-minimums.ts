import { type Assignment, assignLines } from './assign-lines.ts'
import { type Component, collectSellers } from './components.ts'
import { type DeadlineCheck, SearchLimitExceeded } from './instance.ts'
import { fullMask, hasBit, intersectMasks, sumOfBits } from './part-costs.ts'
import type { StoreCosts } from './store-costs.ts'

/**
 * An assignment of some components: its cost, and by store the shelf price of what is bought there
 * and the total that its basket minimums need in the end.
 */
type PartialPlan = {
  agorot: number
  shelf: number[]
  needed: number[]
  last: { of: Assignment; before: PartialPlan } | null
}

/** Comparing plans pairwise is quadratic, so a search with more partial plans is given up. */
const MAX_PARTIAL_PLANS = 20_000

/**
 * The cheapest split that meets its basket minimums, by dynamic programming over the components. A
 * partial plan is dropped when another one dominates it (costs no more, and no store is further
 * from its minimums) or when it cannot end below `below`.
 *
 * @param cheapestAssignments the cheapest assignments when every minimum is assumed to be met
 */
export function meetMinimums(
  components: readonly Component[],
  from: {
    stores: readonly StoreCosts[]
    cheapestAssignments: readonly Assignment[]
    below: number
    checkDeadline: DeadlineCheck
  },
): { agorot: number; sellers: number[] } | null {
  const { stores, cheapestAssignments, below, checkDeadline } = from
  const least = cheapestAssignments.reduce((sum, { agorot }) => sum + agorot, 0)
  // conditional components first: afterwards only the amount still missing matters
  const order = [...components.keys()].sort(
    (a, b) => countConditions(components[b]) - countConditions(components[a]),
  )
  const nothing = stores.map(() => 0)
  let plans: PartialPlan[] = [{ agorot: 0, shelf: nothing, needed: nothing, last: null }]
  let rest = least
  for (const [nth, c] of order.entries()) {
    const component = components[c] as Component
    const cheapest = (cheapestAssignments[c] as Assignment).agorot
    rest -= cheapest
    const options = listOptions(component, {
      stores,
      below: below - (least - cheapest),
      checkDeadline,
    })
    const mayCome = stores.map(({ shelf }) => {
      const lines = order.slice(nth + 1).flatMap((later) => (components[later] as Component).lines)
      return lines.reduce((sum, line) => sum + (shelf[line] as number), 0)
    })
    const decided = order.slice(nth + 1).every((later) => countConditions(components[later]) === 0)
    const next: PartialPlan[] = []
    for (const before of plans) {
      checkDeadline()
      for (const option of options) {
        const agorot = before.agorot + option.agorot
        if (agorot + rest >= below) continue
        const plan = {
          agorot,
          ...addOption(before, option, decided),
          last: { of: option.assignment, before },
        }
        if (
          plan.needed.every(
            (needed, at) => needed <= (plan.shelf[at] as number) + (mayCome[at] as number),
          )
        )
          next.push(plan)
      }
    }
    plans = withoutDominated(next, checkDeadline)
    if (plans.length > MAX_PARTIAL_PLANS)
      throw new SearchLimitExceeded('too many ways to reach basket minimums')
  }
  const [best] = plans
  if (best === undefined) return null
  const chosen: Assignment[] = []
  let at: PartialPlan = best
  for (const c of order.toReversed()) {
    if (at.last === null) break
    chosen[c] = at.last.of
    at = at.last.before
  }
  return { agorot: best.agorot, sellers: collectSellers(components, chosen) }
}

function countConditions(component: Component | undefined): number {
  return component?.slots.reduce((sum, { part }) => sum + part.conditions.length, 0) ?? 0
}

type Option = { agorot: number; shelf: number[]; needed: number[]; assignment: Assignment }

/** The ways to buy a component, each combined with every subset of its minimums to meet. */
function listOptions(
  component: Component,
  {
    stores,
    below,
    checkDeadline,
  }: { stores: readonly StoreCosts[]; below: number; checkDeadline: DeadlineCheck },
): Option[] {
  const options: Option[] = []
  const visit = (assignment: Assignment) => {
    const shelf = stores.map((store, at) =>
      component.lines.reduce(
        (sum, line, i) =>
          assignment.sellers[i] === at ? sum + (store.shelf[line] as number) : sum,
        0,
      ),
    )
    let some: Option[] = [
      { agorot: assignment.agorot, shelf, needed: stores.map(() => 0), assignment },
    ]
    for (const [s, { at, part }] of component.slots.entries()) {
      const mask = assignment.masks[s] as number
      if (mask === 0 || part.conditions.length === 0) continue
      const all = fullMask(part.conditions)
      const next: Option[] = []
      for (let met = 0; met <= all; met++) {
        const more = part.cost(mask, met) - part.cost(mask, all)
        const needs = part.conditions.map(({ minimum, named }, i) =>
          hasBit(met, i)
            ? minimum + sumOfBits(part.shelf, intersectMasks(mask, named, part.lines.length))
            : 0,
        )
        for (const option of some) {
          const needed = option.needed.with(at, Math.max(option.needed[at] as number, ...needs))
          next.push({ ...option, agorot: option.agorot + more, needed })
        }
      }
      some = next
    }
    options.push(...some.filter(({ agorot }) => agorot < below))
    return below
  }
  assignLines(component, stores, { below, visit, checkDeadline })
  return withoutDominated(options, checkDeadline)
}

/**
 * @param decided no minimum follows, so only the difference between `needed` and `shelf` matters
 */
function addOption(
  before: PartialPlan,
  option: Option,
  decided: boolean,
): { shelf: number[]; needed: number[] } {
  const shelf = before.shelf.map((agorot, at) => agorot + (option.shelf[at] as number))
  const needed = before.needed.map((agorot, at) => Math.max(agorot, option.needed[at] as number))
  if (!decided) return { shelf, needed }
  return {
    shelf: shelf.map(() => 0),
    needed: needed.map((agorot, at) => Math.max(0, agorot - (shelf[at] as number))),
  }
}

/** The Pareto front, cheapest first. */
function withoutDominated<T extends { agorot: number; shelf: number[]; needed: number[] }>(
  some: T[],
  checkDeadline: DeadlineCheck,
): T[] {
  const kept: T[] = []
  for (const plan of some.sort((a, b) => a.agorot - b.agorot)) {
    checkDeadline()
    const isDominated = kept.some(
      ({ shelf, needed }) =>
        shelf.every((agorot, at) => agorot >= (plan.shelf[at] as number)) &&
        needed.every((agorot, at) => agorot <= (plan.needed[at] as number)),
    )
    if (!isDominated) kept.push(plan)
  }
  return kept
}
