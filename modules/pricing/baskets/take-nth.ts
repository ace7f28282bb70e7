import type { OfferState, Work } from './offer-state.ts'

/**
 * The number of units that an n-th unit offer on several products considers, the most expensive
 * ones first.
 */
export const MAX_UNITS = 300

/**
 * `gains[j]`: the greatest saving on j units; `takes[u * (most j) + j - 1]`: unit u, of
 * `classOf[u]`, is the j-th.
 */
const gains = new Float64Array(MAX_UNITS + 1)
const takes = new Uint8Array(MAX_UNITS * MAX_UNITS)
const classOf = new Int32Array(MAX_UNITS)

/**
 * `takeUnits` for an offer that discounts the cheapest unit of each group. Grouping the taken units
 * by descending price saves most. The last unit of each `size` is then the cheapest of its group,
 * so one pass in descending price is enough.
 */
export function takeNth(claim: OfferState, work: Work): number {
  const { counts, taken } = claim
  taken.fill(0)
  work.left -= 10
  const only = onlyClass(counts)
  return only >= 0 ? takeAlike(claim, only) : takeMixed(claim, work)
}

export function nthExceedsExactLimit({ counts }: OfferState): boolean {
  return total(counts) > MAX_UNITS && onlyClass(counts) < 0
}

function total(counts: Int32Array): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) sum += counts[i] as number
  return sum
}

/** The index of the only class with available units, or -1. */
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
  const units = Math.min(MAX_UNITS, total(counts))
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
