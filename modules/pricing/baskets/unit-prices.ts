import type { OfferState, UnitClass, Work } from './offer-state.ts'
import { takeUnits } from './take-units.ts'
import { shareOf } from './unit-offer.ts'

/** The index of a class within a claim: `claims[o].counts[i]`. */
export type Part = { o: number; i: number }

/** The units of a class that several claims share. */
export type Contest = { c: number; parts: Part[] }

/**
 * A division of units (`counts[o][i]`) that saves `best`, and prices of units, by class, that prove
 * `bound`.
 */
export type Priced = { prices: Float64Array; bound: number; best: number; counts: Int32Array[] }

const MAX_ROUNDS = 60

/**
 * Finds prices for the units that several claims share (Lagrangian relaxation). The savings of the
 * claims at these prices, plus the value of all units, are an upper bound for every division.
 *
 * Prices begin at the second best offer for a unit. They fall where units are left over, and rise
 * where demand exceeds supply. The demand of each round is also tried as a division.
 */
export function boundByPrices(
  claims: readonly OfferState[],
  {
    classes,
    contests,
    work,
  }: { classes: readonly UnitClass[]; contests: readonly Contest[]; work: Work },
): Priced {
  const prices = new Float64Array(classes.length)
  for (const { c, parts } of contests)
    prices[c] = secondShare(claims, { parts, one: classes[c] as UnitClass })
  let result: Priced = { prices, bound: Number.POSITIVE_INFINITY, best: -1, counts: [] }
  let pace = 1
  for (let round = 0; round < MAX_ROUNDS; round++) {
    setWorth(claims, { classes, contests, prices })
    let bound = claims.reduce((sum, claim) => sum + takeUnits(claim, work), 0)
    let slack = 0
    const left = new Map<Contest, number>()
    for (const contest of contests) {
      const { c, parts } = contest
      const { units } = classes[c] as UnitClass
      const spare = parts.reduce((sum, { o, i }) => sum - takenAt(claims, o, i), units)
      bound += units * (prices[c] as number)
      left.set(contest, spare)
      if (spare < 0 || (prices[c] as number) > 0) slack += spare * spare
    }
    const tried = tryDemand(claims, { classes, contests, work })
    if (tried.best > result.best) result = { ...result, ...tried }
    if (bound < result.bound - 1e-9) result = { ...result, bound, prices: prices.slice() }
    else pace /= 2
    if (slack === 0 || work.left < 0 || Math.floor(result.bound + 1e-6) <= result.best) break
    const step = (pace * (bound - result.best)) / slack
    for (const [{ c }, spare] of left) prices[c] = Math.max(0, (prices[c] as number) - step * spare)
  }
  return result
}

function takenAt(claims: readonly OfferState[], o: number, i: number): number {
  return claims[o]?.taken[i] as number
}

/** The most that the second best offer may save on a unit. */
function secondShare(
  claims: readonly OfferState[],
  { parts, one }: { parts: readonly Part[]; one: UnitClass },
): number {
  const shares = parts.map(
    ({ o }) => shareOf((claims[o] as OfferState).offer, one.shelfAgorot) - one.plainAgorot,
  )
  return Math.max(0, shares.sort((a, b) => b - a)[1] as number)
}

type SharedUnits = { classes: readonly UnitClass[]; contests: readonly Contest[] }

function setWorth(
  claims: readonly OfferState[],
  { classes, contests, prices }: SharedUnits & { prices: Float64Array },
): void {
  for (const { c, parts } of contests) {
    const worth = (classes[c] as UnitClass).plainAgorot + (prices[c] as number)
    for (const { o, i } of parts) (claims[o] as OfferState).worth[i] = worth
  }
}

/** Gives each claim the units it wants while they last. The claim that takes most gets the rest. */
function tryDemand(
  claims: readonly OfferState[],
  shared: SharedUnits & { work: Work },
): { best: number; counts: Int32Array[] } {
  const { classes, contests, work } = shared
  const counts = claims.map(({ counts }) => counts.slice())
  for (const { c, parts } of contests) {
    const byDemand = parts.toSorted(
      (a, b) => takenAt(claims, b.o, b.i) - takenAt(claims, a.o, a.i) || a.o - b.o,
    )
    let left = (classes[c] as UnitClass).units
    for (const { o, i } of byDemand) {
      const given = Math.min(left, takenAt(claims, o, i))
      left -= given
      ;(counts[o] as Int32Array)[i] = given
    }
    const [first] = byDemand
    if (first !== undefined)
      (counts[first.o] as Int32Array)[first.i] = left + (counts[first.o]?.[first.i] as number)
  }
  setWorth(claims, { classes, contests, prices: new Float64Array(classes.length) })
  const best = claims.reduce((sum, claim, o) => {
    return sum + takeUnits({ ...claim, counts: counts[o] as Int32Array }, work)
  }, 0)
  return { best, counts }
}
