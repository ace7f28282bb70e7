import type { OfferState, Work } from './offer-state.ts'
import { nthExceedsExactLimit, takeNth } from './take-nth.ts'

/**
 * Returns the most that an offer saves beyond the value of the units without it. `taken` then holds
 * the units of each class that it takes, and no more than it needs. Exact unless
 * `exceedsExactLimit`.
 */
export function takeUnits(claim: OfferState, work: Work): number {
  return claim.offer.cheapest === null ? takeBest(claim, work) : takeNth(claim, work)
}

/** Whether the offer has more units than it considers. */
export function exceedsExactLimit(claim: OfferState): boolean {
  return claim.offer.cheapest !== null && nthExceedsExactLimit(claim)
}

/**
 * For offers whose savings per unit add up: takes the units with the greatest gain, in whole
 * groups, while a group gains.
 */
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

/** The classes by gain per unit. Of equal gains, the most expensive class is first. */
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
