import type { Part } from './part-costs.ts'
import type { StoreCosts } from './store-costs.ts'

/** A part of one store in which it matters what is bought together, or for how much. */
export type Slot = { at: number; part: Part }

/** Lines that have to be decided together in some stores, with the slots that they fill. */
export type Component = { lines: number[]; slots: Slot[] }

/** Lines that no part of any of the stores ties to others are components of their own. */
export function componentsOf(stores: readonly StoreCosts[]): Component[] {
  const count = stores[0]?.shelf.length ?? 0
  const parent = Array.from({ length: count }, (_, place) => place)
  const root = (place: number): number => {
    let at = place
    while (parent[at] !== at) at = parent[at] as number
    return at
  }
  const slots: Slot[] = []
  for (const [at, { parts }] of stores.entries()) {
    for (const part of new Set(parts)) {
      if (part === undefined) continue
      const [first = 0, ...others] = part.lines
      for (const other of others) parent[root(other)] = root(first)
      if (part.lines.length > 1 || part.conditions.length > 0) slots.push({ at, part })
    }
  }
  const found = new Map<number, Component>()
  for (let place = 0; place < count; place++) {
    const of = root(place)
    const known = found.get(of) ?? { lines: [], slots: [] }
    found.set(of, known)
    known.lines.push(place)
  }
  for (const slot of slots) found.get(root(slot.part.lines[0] as number))?.slots.push(slot)
  return [...found.values()]
}

/** Who sells each line, of who sells each component's lines. */
export function sellersOf(
  components: readonly Component[],
  found: readonly { sellers: readonly number[] }[],
): number[] {
  const sellers: number[] = []
  for (const [c, { lines }] of components.entries()) {
    for (const [i, line] of lines.entries()) sellers[line] = found[c]?.sellers[i] as number
  }
  return sellers
}
