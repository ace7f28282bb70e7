import type { OfferState, UnitClass, Work } from './offer-state.ts'
import { exceedsExactLimit, takeUnits } from './take-units.ts'
import { shareOf } from './unit-offer.ts'
import { boundByPrices, type Contest, type Part } from './unit-prices.ts'

/**
 * Divides units among the claims on them so that they save most together. Reduces the counts of
 * each claim to its share. Returns the most that another division could save in addition: 0
 * (exact), unless the work runs out or a claim covers too many units. A branch and bound search
 * over the units of each contested class that each claim gets.
 */
export function shareUnits(
  claims: readonly OfferState[],
  { classes, work }: { classes: readonly UnitClass[]; work: Work },
): number {
  const contests = contestsOf(claims, classes)
  const crowded = claims.some(exceedsExactLimit)
  if (contests.length === 0 && !crowded) return 0
  const priced = boundByPrices(claims, { classes, contests, work })
  const { prices, bound } = priced
  let { best, counts: found } = priced
  const values = claims.map(() => 0)

  /**
   * Decides the contests from index `at` on; `rest` is the value of the units of the undecided
   * contests.
   */
  function decide(at: number, rest: number): void {
    const contest = contests[at]
    if (contest === undefined) {
      const saved = values.reduce((sum, value) => sum + value, 0)
      if (saved <= best) return
      best = saved
      found = claims.map(({ counts }) => counts.slice())
      return
    }
    const { units } = classes[contest.c] as UnitClass
    give(contest, { at, part: 0, left: units, rest: rest - units * (prices[contest.c] as number) })
  }

  /**
   * Gives some of the remaining units of a contest to one claim, then to the next. The last claim
   * gets all the rest.
   */
  function give(
    contest: Contest,
    { at, part, left, rest }: { at: number; part: number; left: number; rest: number },
  ) {
    const { c, parts } = contest
    const price = prices[c] as number
    const open = parts.slice(part)
    const before = open.map(({ o }) => values[o] as number)
    const least = open.length === 1 ? left : 0
    for (let x = left; x >= least && work.left > 0; x--) {
      for (const [nth, one] of open.entries()) {
        set(one, nth === 0 ? { c, count: x, price: 0 } : { c, count: left - x, price })
        values[one.o] = takeUnits(claims[one.o] as OfferState, work)
      }
      const most = values.reduce((sum, value) => sum + value, rest + price * (left - x))
      if (Math.floor(most + 1e-6) <= best) continue
      if (open.length === 1) decide(at + 1, rest)
      else give(contest, { at, part: part + 1, left: left - x, rest })
    }
    for (const [nth, one] of open.entries()) {
      set(one, { c, count: left, price })
      values[one.o] = before[nth] as number
    }
  }

  function set(
    { o, i }: Part,
    { c, count, price }: { c: number; count: number; price: number },
  ): void {
    const claim = claims[o] as OfferState
    claim.counts[i] = count
    claim.worth[i] = (classes[c] as UnitClass).plainAgorot + price
  }

  for (const { c, parts } of contests) {
    const { units } = classes[c] as UnitClass
    for (const part of parts) set(part, { c, count: units, price: prices[c] as number })
  }
  for (const [o, claim] of claims.entries()) values[o] = takeUnits(claim, work)
  if (Math.floor(bound + 1e-6) > best) decide(0, worthOf(contests, { classes, prices }))
  for (const { c, parts } of contests) {
    for (const part of parts) set(part, { c, count: found[part.o]?.[part.i] as number, price: 0 })
  }
  if (crowded) return Math.floor(linearBound(claims, classes)) - best
  return work.left > 0 ? 0 : Math.floor(bound + 1e-6) - best
}

/** The classes that several claims share, most expensive first. */
function contestsOf(claims: readonly OfferState[], classes: readonly UnitClass[]): Contest[] {
  const contests: Contest[] = classes.map((_, c) => ({ c, parts: [] }))
  for (const [o, claim] of claims.entries()) {
    for (const [i, c] of claim.classes.entries()) contests[c]?.parts.push({ o, i })
  }
  return contests.filter(({ parts }) => parts.length > 1)
}

function worthOf(
  contests: readonly Contest[],
  { classes, prices }: { classes: readonly UnitClass[]; prices: Float64Array },
): number {
  return contests.reduce(
    (sum, { c }) => sum + (classes[c] as UnitClass).units * (prices[c] as number),
    0,
  )
}

/** An upper bound: every unit goes to the offer that may save most on it. */
function linearBound(claims: readonly OfferState[], classes: readonly UnitClass[]): number {
  const most = classes.map(() => 0)
  for (const { offer, classes: places } of claims) {
    for (const c of places) {
      const { shelfAgorot, plainAgorot } = classes[c] as UnitClass
      most[c] = Math.max(most[c] as number, shareOf(offer, shelfAgorot) - plainAgorot)
    }
  }
  return classes.reduce((sum, { units }, c) => sum + units * (most[c] as number), 1e-6)
}
