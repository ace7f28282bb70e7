import type { OfferState, Work } from './offer-state.ts'

/** Of more units than these, of several classes, an offer of the n-th unit looks at the dearest only. */
export const MOST_UNITS = 300

/** `gains[j]`: the most that j units save; `takes[u * (most j) + j - 1]`: unit u, of `classOf[u]`, is the j-th of them. */
const gains = new Float64Array(MOST_UNITS + 1)
const takes = new Uint8Array(MOST_UNITS * MOST_UNITS)
const classOf = new Int32Array(MOST_UNITS)

/**
 * `takeUnits` for an offer on the cheapest of each group. Whichever units are taken, groups of the dearest first save
 * most: then the last of each `size` is the cheapest of its group, and one pass from the dearest to the cheapest decides.
 */
export function takeNth(claim: OfferState, work: Work): number {
  const { counts, taken } = claim
  taken.fill(0)
  work.left -= 10
  const only = onlyClass(counts)
  return only >= 0 ? takeAlike(claim, only) : takeMixed(claim, work)
}

export function nthExceedsExactLimit({ counts }: OfferState): boolean {
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

function takeAlike({ offer, cheapest, counts, worth, taken }: OfferState, only: number): number {
  const many = Math.min(counts[only] as number, offer.most)
  const units = many - (many % offer.size)
  const group = (cheapest[only] as number) - offer.size * (worth[only] as number)
  if (group <= 0) return 0
  taken[only] = units
  return (units / offer.size) * group
}

function takeMixed({ offer, cheapest, counts, worth, taken }: OfferState, work: Work): number {
  const { size, most } = offer
  const units = Math.min(MOST_UNITS, total(counts))
  const many = Math.min(units, most)
  gains.fill(Number.NEGATIVE_INFINITY, 1, many + 1)
  takes.fill(0, 0, units * many)
  let reached = 0
  let u = 0
  for (let i = 0; i < counts.length; i++) {
    const early = -(worth[i] as number)
    const last = (cheapest[i] as number) + early
    for (let n = counts[i] as number; n > 0 && u < units; n--, u++) {
      if (reached < many) reached++
      classOf[u] = i
      for (let j = reached; j > 0; j--) {
        const gain = (gains[j - 1] as number) + (j % size === 0 ? last : early)
        if (gain <= (gains[j] as number)) continue
        gains[j] = gain
        takes[u * many + j - 1] = 1
      }
    }
  }
  work.left -= units * many
  let best = 0
  for (let j = size; j <= reached; j += size)
    if ((gains[j] as number) > (gains[best] as number)) best = j
  for (let unit = units - 1, j = best; j > 0; unit--) {
    if (takes[unit * many + j - 1] === 0) continue
    ;(taken[classOf[unit] as number] as number)++
    j--
  }
  return gains[best] as number
}
