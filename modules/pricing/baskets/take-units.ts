import type { OfferState, Work } from './offer-state.ts'
import { nthExceedsExactLimit, takeNth } from './take-nth.ts'

/**
 * The most that an offer saves beyond what the units are worth without it; `taken` then tells the units of each class
 * that it takes, no more than it needs. Exact but for crowded claims.
 */
export function takeUnits(claim: OfferState, work: Work): number {
  return claim.offer.cheapest === null ? takeBest(claim, work) : takeNth(claim, work)
}

/** Whether the offer does not look at all of its units. */
export function exceedsExactLimit(claim: OfferState): boolean {
  return claim.offer.cheapest !== null && nthExceedsExactLimit(claim)
}

/** Where units add up, the best are those that gain most; whole groups of them, as long as a group gains. */
function takeBest({ offer, value, counts, worth, taken }: OfferState, work: Work): number {
  const { size, least, most, fee } = offer
  const order = byGain(value, worth)
  let units = 0
  let gain = 0
  let group = 0
  let best = 0
  let bestUnits = 0
  walk: for (const i of order) {
    const each = (value[i] as number) - (worth[i] as number)
    for (let n = counts[i] as number; n > 0; n--) {
      if (units === most) break walk
      group += each
      units++
      if (units % size !== 0) continue
      group -= fee
      if (group <= 0 && units > least) break walk
      gain += group
      group = 0
      if (units < least || gain <= best) continue
      best = gain
      bestUnits = units
    }
  }
  work.left -= units + 10 * order.length
  let left = bestUnits
  taken.fill(0)
  for (const i of order) {
    const many = Math.min(left, counts[i] as number)
    taken[i] = many
    left -= many
  }
  return best
}

/** Classes by what a unit of them gains; of equal ones the dearest first. */
function byGain(value: Float64Array, worth: Float64Array): number[] {
  const order: number[] = []
  for (let i = 0; i < value.length; i++) {
    const gain = (value[i] as number) - (worth[i] as number)
    let at = i
    for (; at > 0; at--) {
      const before = order[at - 1] as number
      if ((value[before] as number) - (worth[before] as number) >= gain) break
      order[at] = before
    }
    order[at] = i
  }
  return order
}
