import { type Assignment, assignLines } from './assign-lines.ts'
import { type Component, sellersOf } from './components.ts'
import { TooHard, type Watch } from './instance.ts'
import { allOf, both, has, sumOf } from './part-costs.ts'
import type { StoreCosts } from './store-costs.ts'

/**
 * Some components decided: what they cost, and by store what is on the shelf of it, and how much there must be in the end
 * for the conditions that are taken as met. (Between 0 and `needed`, only the difference matters.)
 */
type Partly = {
  agorot: number
  shelf: number[]
  needed: number[]
  last: { of: Assignment; before: Partly } | null
}

/** More at a time are too many to be compared with each other. */
const MOST_PARTLY = 20_000

/**
 * The cheapest split with the basket minimums, by dynamic programming over the components: a choice for some of them is
 * dropped when another one costs no more and leaves no store further from what its promotions need, or when it cannot
 * cost less than `below` any more.
 *
 * @param found the cheapest choices as if every minimum were met
 */
export function meetMinimums(
  components: readonly Component[],
  from: {
    stores: readonly StoreCosts[]
    found: readonly Assignment[]
    below: number
    watch: Watch
  },
): { agorot: number; sellers: number[] } | null {
  const { stores, found, below, watch } = from
  const least = found.reduce((sum, { agorot }) => sum + agorot, 0)
  // the conditions first: when all are decided, only what is still needed matters
  const order = [...components.keys()].sort(
    (a, b) => conditionsIn(components[b]) - conditionsIn(components[a]),
  )
  const nothing = stores.map(() => 0)
  let partly: Partly[] = [{ agorot: 0, shelf: nothing, needed: nothing, last: null }]
  let rest = least
  for (const [nth, c] of order.entries()) {
    const component = components[c] as Component
    const cheapest = (found[c] as Assignment).agorot
    rest -= cheapest
    const options = optionsOf(component, { stores, below: below - (least - cheapest), watch })
    const mayCome = stores.map(({ shelf }) => {
      const lines = order.slice(nth + 1).flatMap((later) => (components[later] as Component).lines)
      return lines.reduce((sum, line) => sum + (shelf[line] as number), 0)
    })
    const decided = order.slice(nth + 1).every((later) => conditionsIn(components[later]) === 0)
    const next: Partly[] = []
    for (const before of partly) {
      watch()
      for (const option of options) {
        const agorot = before.agorot + option.agorot
        if (agorot + rest >= below) continue
        const one = {
          agorot,
          ...joined(before, option, decided),
          last: { of: option.assignment, before },
        }
        if (
          one.needed.every(
            (needed, at) => needed <= (one.shelf[at] as number) + (mayCome[at] as number),
          )
        )
          next.push(one)
      }
    }
    partly = withoutOutdone(next, watch)
    if (partly.length > MOST_PARTLY) throw new TooHard('too many ways to reach basket minimums')
  }
  const [best] = partly
  if (best === undefined) return null
  const chosen: Assignment[] = []
  let at: Partly = best
  for (const c of order.toReversed()) {
    if (at.last === null) break
    chosen[c] = at.last.of
    at = at.last.before
  }
  return { agorot: best.agorot, sellers: sellersOf(components, chosen) }
}

function conditionsIn(component: Component | undefined): number {
  return component?.slots.reduce((sum, { part }) => sum + part.conditions.length, 0) ?? 0
}

type Option = { agorot: number; shelf: number[]; needed: number[]; assignment: Assignment }

/** The ways to buy a component, each with every choice of conditions that are to be met. */
function optionsOf(
  component: Component,
  { stores, below, watch }: { stores: readonly StoreCosts[]; below: number; watch: Watch },
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
      const all = allOf(part.conditions)
      const next: Option[] = []
      for (let met = 0; met <= all; met++) {
        const more = part.cost(mask, met) - part.cost(mask, all)
        const needs = part.conditions.map(({ minimum, named }, i) =>
          has(met, i) ? minimum + sumOf(part.shelf, both(mask, named, part.lines.length)) : 0,
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
  assignLines(component, stores, { below, visit, watch })
  return withoutOutdone(options, watch)
}

/** @param decided whether no condition is to come, so that what is on the shelf counts only as far as it is needed */
function joined(
  before: Partly,
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

/** Those to which no other is as good or better in every way, cheapest first. */
function withoutOutdone<T extends { agorot: number; shelf: number[]; needed: number[] }>(
  some: T[],
  watch: Watch,
): T[] {
  const kept: T[] = []
  for (const one of some.sort((a, b) => a.agorot - b.agorot)) {
    watch()
    const isOutdone = kept.some(
      ({ shelf, needed }) =>
        shelf.every((agorot, at) => agorot >= (one.shelf[at] as number)) &&
        needed.every((agorot, at) => agorot <= (one.needed[at] as number)),
    )
    if (!isOutdone) kept.push(one)
  }
  return kept
}
