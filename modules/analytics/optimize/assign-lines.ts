import type { Component } from './components.ts'
import { type DeadlineCheck, MISSING } from './instance.ts'
import { fullMask } from './part-costs.ts'
import type { StoreCosts } from './store-costs.ts'

/**
 * The store that sells each line of a component (index, -1 for none), and for each slot a mask of
 * the lines of its part that are bought there.
 */
export type Assignment = { sellers: number[]; masks: number[]; agorot: number }

/**
 * Enumerates the ways to buy a component's lines that cost less than `below`, assuming that every
 * basket minimum is met; `visit` returns the new bound. A line is left out only if no store sells
 * it.
 */
export function assignLines(
  { lines, slots }: Component,
  stores: readonly StoreCosts[],
  {
    below,
    visit,
    checkDeadline,
  }: { below: number; visit: (assignment: Assignment) => number; checkDeadline: DeadlineCheck },
): void {
  const sellers = lines.map(() => -1)
  const masks = slots.map(() => 0)
  const leasts = slots.map(() => 0)
  const open = slots.map(({ part }) => part.lines.length)
  const bits = lines.map((line) => slots.map(({ part }) => part.lines.indexOf(line)))
  const cheapest = lines.map((line) =>
    Math.min(...stores.map(({ least }) => least[line] as number)),
  )
  let bound = below

  /** @param agorot a lower bound: exact for completed slots, `least` for all other lines */
  function decide(nth: number, agorot: number): void {
    if (agorot >= bound - 1e-6) return
    const line = lines[nth]
    if (line === undefined) {
      bound = visit({ sellers: [...sellers], masks: [...masks], agorot: Math.round(agorot) })
      return
    }
    checkDeadline()
    const rest = agorot - (cheapest[nth] as number)
    if (cheapest[nth] === MISSING) {
      sell(nth, -1, rest + MISSING)
      return
    }
    const order = [...stores.keys()].sort((a, b) => leastAt(a, line) - leastAt(b, line))
    for (const at of order) {
      const least = leastAt(at, line)
      if (least < MISSING) sell(nth, at, rest + least)
    }
  }

  function sell(nth: number, at: number, agorot: number): void {
    sellers[nth] = at
    let all = agorot
    for (const [s, slot] of slots.entries()) {
      const bit = bits[nth]?.[s] as number
      if (bit < 0) continue
      open[s] = (open[s] as number) - 1
      if (slot.at === at) {
        masks[s] = (masks[s] as number) + 2 ** bit
        leasts[s] = (leasts[s] as number) + (slot.part.least[bit] as number)
      }
      if (open[s] === 0)
        all +=
          slot.part.cost(masks[s] as number, fullMask(slot.part.conditions)) - (leasts[s] as number)
    }
    decide(nth + 1, all)
    for (const [s, slot] of slots.entries()) {
      const bit = bits[nth]?.[s] as number
      if (bit < 0) continue
      open[s] = (open[s] as number) + 1
      if (slot.at !== at) continue
      masks[s] = (masks[s] as number) - 2 ** bit
      leasts[s] = (leasts[s] as number) - (slot.part.least[bit] as number)
    }
  }

  function leastAt(at: number, line: number): number {
    return stores[at]?.least[line] as number
  }

  decide(
    0,
    cheapest.reduce((sum, least) => sum + least, 0),
  )
}
