import type { Part } from './part-costs.ts'
import type { StoreCosts } from './store-costs.ts'

/** A part of a store whose cost depends on which of its lines are bought together. */
export type Slot = { at: number; part: Part }

/** Lines that must be assigned together because promotions tie them, with the parts involved. */
export type Component = { lines: number[]; slots: Slot[] }

/** Groups lines that share a part in any store (union–find); other lines stand alone. */
export function findComponents(stores: readonly StoreCosts[]): Component[] {
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
  const components = new Map<number, Component>()
  for (let place = 0; place < count; place++) {
    const rootPlace = root(place)
    const component = components.get(rootPlace) ?? { lines: [], slots: [] }
    components.set(rootPlace, component)
    component.lines.push(place)
  }
  for (const slot of slots) components.get(root(slot.part.lines[0] as number))?.slots.push(slot)
  return [...components.values()]
}

/** Merges the sellers of each component's lines into one list for the whole basket. */
export function collectSellers(
  components: readonly Component[],
  assignments: readonly { sellers: readonly number[] }[],
): number[] {
  const sellers: number[] = []
  for (const [c, { lines }] of components.entries()) {
    for (const [i, line] of lines.entries()) sellers[line] = assignments[c]?.sellers[i] as number
  }
  return sellers
}
