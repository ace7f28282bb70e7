import type { PromotionTerms } from '../terms/promotion.ts'
import { comparePrice, type Difference } from './described-price.ts'
import { type DescribedTerms, describedTerms } from './described-terms.ts'

/**
 * Whether a promotion's description agrees with its terms, contradicts them, or is silent about
 * them.
 */
export const DESCRIPTION_CHECKS = ['agrees', 'disagrees', 'silent'] as const
export type DescriptionCheck = (typeof DESCRIPTION_CHECKS)[number]

/** The parts of the terms that a description can contradict. */
export type Contradiction = 'price' | 'rate' | 'limit' | 'minimum' | 'coupon' | 'club'

export type Comparison = {
  check: DescriptionCheck
  /** The first part that the description contradicts. */
  contradicts: Contradiction | null
  /** Why an equal price has a different figure. */
  difference: Difference | null
}

const SILENT: Comparison = { check: 'silent', contradicts: null, difference: null }
/** The tolerance for rounded amounts, in agorot. */
const ROUNDING = 2

/**
 * Compares the terms of a promotion with its description, as far as the description states them.
 */
export function compareWithDescription(
  terms: PromotionTerms,
  description: string | null,
): DescriptionCheck {
  return compareDescription(terms, description).check
}

/** The same comparison, with the contradicted part and the reason for a different figure. */
export function compareDescription(terms: PromotionTerms, description: string | null): Comparison {
  if (description === null || terms.kind === 'gift' || terms.kind === 'unknown') return SILENT
  const described = describedTerms(description)
  const { limit, minBasket, coupon, club } = described
  const { contradicts: offer, difference, isStated } = compareOffer(terms, described, description)
  const conditions: [Contradiction, boolean | null][] = [
    ['limit', limit && isSameLimit(terms, limit)],
    ['minimum', minBasket && isSameMinimum(terms, minBasket)],
    ['coupon', coupon && terms.coupon ? null : coupon && false],
    ['club', club && terms.clubs.length === 0 && !terms.coupon ? false : null],
  ]
  const wrong = offer ?? conditions.find(([, same]) => same === false)?.[0] ?? null
  if (wrong !== null) return { check: 'disagrees', contradicts: wrong, difference }
  const isSilent = !isStated && conditions.every(([, same]) => same === null)
  return isSilent ? SILENT : { check: 'agrees', contradicts: null, difference }
}

type Offer = { isStated: boolean; contradicts: Contradiction | null; difference: Difference | null }

/** Whether the description states the offer, and whether it is the same offer. */
function compareOffer(terms: PromotionTerms, described: DescribedTerms, text: string): Offer {
  const price = comparePrice(terms, described, text)
  if (terms.kind === 'bundle_price' || terms.kind === 'price_per_kg') {
    const isOther = price === null ? described.nth !== null : !price.same
    const difference = price?.difference ?? null
    return {
      isStated: isOther || price !== null,
      contradicts: isOther ? 'price' : null,
      difference,
    }
  }
  const same = isSameRate(terms, described)
  return {
    isStated: same !== null,
    contradicts: same === false ? 'rate' : null,
    difference: null,
  }
}

function isSameRate({ kind, quantity, rate, agorot }: PromotionTerms, text: DescribedTerms) {
  if (kind === 'nth_unit')
    return text.nth && text.nth.units * 1000 === quantity && text.nth.rate === rate
  if (kind === 'amount_off')
    return text.amountOff === null ? null : Math.abs(text.amountOff - (agorot ?? 0)) <= ROUNDING
  if (rate === 10_000 && text.free) return true
  if (text.rate !== null) return text.rate === rate
  return text.nth === null && text.prices.length === 0 ? null : false
}

function isSameLimit(
  { maxQuantity, quantity }: PromotionTerms,
  { most, times }: { most: number; times: boolean },
): boolean {
  const bundles = (most / 1000) * quantity
  return times ? maxQuantity === bundles : maxQuantity === most || maxQuantity === bundles
}

function isSameMinimum(
  { minBasketAgorot }: PromotionTerms,
  { agorot, cut }: { agorot: number | null; cut: boolean },
): boolean {
  if (minBasketAgorot === null) return false
  if (agorot === null || minBasketAgorot === agorot) return true
  return cut && String(minBasketAgorot).startsWith(String(agorot / 100))
}
