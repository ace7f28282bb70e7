import type { UnitOffer } from './unit-offer.ts'

/** Units alike: each costs `shelfAgorot`, and saves `plainAgorot` when no offer takes it. */
export type UnitClass = { shelfAgorot: number; plainAgorot: number; units: number }

/** What an offer may take of some classes; its arrays go by these, dearest first. */
export type Claim = {
  offer: UnitOffer
  /** The places of the classes among all. */
  classes: Int32Array
  /** What a unit saves within a group, and as the last of it. */
  early: Float64Array
  last: Float64Array
  /** How many units are at hand, what each is worth without the offer, and how many `takeUnits` took. */
  counts: Int32Array
  worth: Float64Array
  taken: Int32Array
}

/** Of more units than these, of several classes, an offer looks at the dearest only. */
export const MOST_UNITS = 300

/** What has been done for one basket, in steps of some nanoseconds. */
export type Work = { steps: number }

/** `gains[j]`: the most that j units save; `takes[u * (most j) + j - 1]`: unit u is the j-th of them. */
const gains = new Float64Array(MOST_UNITS + 1)
const takes = new Uint8Array(MOST_UNITS * MOST_UNITS)
const unitClass = new Int32Array(MOST_UNITS)

/** A claim on all units of the classes at these places that the offer admits. */
export function claimOf(offer: UnitOffer, classes: readonly UnitClass[], places: readonly number[]): Claim {
  const admitted = places.filter((c) => offer.admits((classes[c] as UnitClass).shelfAgorot))
  const column = (of: (one: UnitClass) => number) => admitted.map((c) => of(classes[c] as UnitClass))
  return {
    offer,
    classes: Int32Array.from(admitted),
    early: Float64Array.from(column(({ shelfAgorot }) => offer.early(shelfAgorot))),
    last: Float64Array.from(column(({ shelfAgorot }) => offer.last(shelfAgorot))),
    counts: Int32Array.from(column(({ units }) => units)),
    worth: Float64Array.from(column(({ plainAgorot }) => plainAgorot)),
    taken: new Int32Array(admitted.length),
  }
}

/**
 * The most that an offer saves beyond what the units are worth without it. Exact: whichever units are taken, groups of
 * the dearest first save most, so one pass from the dearest to the cheapest decides.
 */
export function mostSaved(claim: Claim, work: Work): number {
  const only = onlyClass(claim.counts)
  work.steps += 10
  if (only >= 0) return alike(claim, only).gain
  return gains[bestCount(claim.offer, pass(claim, work, false))] as number
}

/** The same, which also tells in `taken` the units of each class that it takes: no more than it needs. */
export function takeUnits(claim: Claim, work: Work): number {
  const { offer, counts, taken } = claim
  taken.fill(0)
  work.steps += 10
  const only = onlyClass(counts)
  if (only >= 0) {
    const { units, gain } = alike(claim, only)
    taken[only] = units
    return gain
  }
  let j = bestCount(offer, pass(claim, work, true))
  const gain = gains[j] as number
  const units = Math.min(MOST_UNITS, total(counts))
  const many = Math.min(units, offer.most)
  for (let u = units - 1; j > 0; u--) {
    if (takes[u * many + j - 1] === 0) continue
    ;(taken[unitClass[u] as number] as number)++
    j--
  }
  return gain
}

/** Whether the offer does not look at all of its units. */
export function isCrowded({ counts }: Claim): boolean {
  return total(counts) > MOST_UNITS && onlyClass(counts) < 0
}

function total(counts: Int32Array): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) sum += counts[i] as number
  return sum
}

/** The only class with units at hand, or -1. */
function onlyClass(counts: Int32Array): number {
  let only = -1
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue
    if (only >= 0) return -1
    only = i
  }
  return only
}

function alike({ offer, early, last, counts, worth }: Claim, only: number): { units: number; gain: number } {
  const { size, least, most } = offer
  const many = Math.min(counts[only] as number, most)
  const units = many - (many % size)
  const group = (size - 1) * (early[only] as number) + (last[only] as number) - size * (worth[only] as number)
  return units < least || group <= 0 ? { units: 0, gain: 0 } : { units, gain: (units / size) * group }
}

/** Fills `gains`, and `takes` when it is to be traced; returns how many units the offer could take. */
function pass({ offer, early, last, counts, worth }: Claim, work: Work, traced: boolean): number {
  const { size } = offer
  const units = Math.min(MOST_UNITS, total(counts))
  const many = Math.min(units, offer.most)
  gains.fill(Number.NEGATIVE_INFINITY, 1, many + 1)
  gains[0] = 0
  if (traced) takes.fill(0, 0, units * many)
  let reached = 0
  let u = 0
  for (let i = 0; i < counts.length; i++) {
    const whenEarly = (early[i] as number) - (worth[i] as number)
    const whenLast = (last[i] as number) - (worth[i] as number)
    for (let n = counts[i] as number; n > 0 && u < units; n--) {
      if (reached < many) reached++
      for (let j = reached; j > 0; j--) {
        const gain = (gains[j - 1] as number) + (j % size === 0 ? whenLast : whenEarly)
        if (gain <= (gains[j] as number)) continue
        gains[j] = gain
        if (traced) takes[u * many + j - 1] = 1
      }
      if (traced) unitClass[u] = i
      u++
    }
  }
  work.steps += units * many
  return reached
}

/** The fewest units that save most; 0 when none save anything. */
function bestCount({ size, least }: UnitOffer, reached: number): number {
  let best = 0
  for (let j = size; j <= reached; j += size) {
    if (j >= least && (gains[j] as number) > (gains[best] as number)) best = j
  }
  return best
}
