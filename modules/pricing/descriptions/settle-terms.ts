import type { PromotionTerms } from '../terms/promotion.ts'
import { NOT_COMPUTABLE } from '../terms/raw-promotion.ts'
import { compareDescription, type DescriptionCheck } from './compare-description.ts'
import type { DescribedConditions } from './described-conditions.ts'
import type { Difference } from './described-price.ts'
import { type DescribedTerms, describedTerms } from './described-terms.ts'
import { settleOffer } from './settle-offer.ts'

/** Where the conditions of a promotion are stated; `cells` if it has no conditions. */
export const CONDITION_SOURCES = ['cells', 'text', 'both'] as const
export type ConditionSource = (typeof CONDITION_SOURCES)[number]

/** The texts of a promotion, besides its cells. */
export type PromotionText = {
  description: string | null
  remark: string | null
  rewardType: string | null
}

/** Terms with the conditions of their description, and the result of the comparison. */
export type SettledTerms = PromotionTerms & {
  described: DescriptionCheck
  difference: Difference | null
  conditionsFrom: ConditionSource
  /** The words of the description that state a condition, or that settle the offer. */
  conditionWords: string[]
}

const CONTRADICTED = {
  price: NOT_COMPUTABLE.otherPrice,
  rate: NOT_COMPUTABLE.otherRate,
  limit: NOT_COMPUTABLE.otherLimit,
  minimum: NOT_COMPUTABLE.otherMinimum,
  coupon: NOT_COMPUTABLE.unsettled,
  club: NOT_COMPUTABLE.clubInText,
} as const

const MIN_BASKET_AGOROT = 2000

/**
 * Settles the offer and the conditions of a promotion from the terms of its cells and its
 * description. A limit, a minimum or a coupon that only the description states is added.
 *
 * The promotion is not computable, with the reason, if cells and description contradict each other,
 * or if the description names a condition that cannot be checked
 * (docs/adr/0075-conditions-from-text.md).
 */
export function settleTerms(cells: PromotionTerms, text: PromotionText): SettledTerms {
  const described = describedTerms(text.description ?? '', text.remark)
  const offer = settleOffer(cells, described, text)
  const { terms, words } = addConditions(offer.terms, described)
  const isFromText = words.length > 0
  const hasFromCells = hasConditions(cells)
  const comparison = compareDescription(terms, text.description)
  const contradiction =
    comparison.contradicts === null ? null : CONTRADICTED[comparison.contradicts]
  const objection = terms.notComputable ?? unmetCondition(terms, described) ?? contradiction
  const isContradicted = terms.notComputable === null && objection !== null
  return {
    ...terms,
    notComputable: objection,
    described: isContradicted ? 'disagrees' : comparison.check,
    difference: comparison.difference,
    conditionsFrom: isFromText ? (hasFromCells ? 'both' : 'text') : 'cells',
    conditionWords: [...offer.words, ...words],
  }
}

function hasConditions({ maxQuantity, minBasketAgorot, clubs, coupon }: PromotionTerms): boolean {
  return maxQuantity !== null || minBasketAgorot !== null || clubs.length > 0 || coupon
}

/**
 * Adds the conditions that only the description states. For conditions in both, the cells are used
 * and the words are kept.
 */
function addConditions(
  terms: PromotionTerms,
  { limit, minBasket, coupon, buy }: DescribedConditions,
): { terms: PromotionTerms; words: string[] } {
  const words: string[] = []
  const settled = { ...terms }
  if (limit !== null) {
    words.push(limit.words)
    settled.maxQuantity ??= limitOf(terms, limit)
  }
  if (minBasket !== null) {
    words.push(minBasket.words)
    settled.minBasketAgorot ??= isCutOff(minBasket) ? null : minBasket.agorot
  }
  if (coupon !== null) {
    words.push(coupon.words)
    settled.coupon = true
  }
  if (buy !== null && !buy.gets && buy.units !== null && terms.kind === 'percent_off') {
    words.push(buy.words)
    settled.quantity = Math.max(terms.quantity, buy.units)
  }
  return { terms: settled, words }
}

/** A limit in units or grams. A limit below the bundle size is a number of bundles. */
function limitOf(
  { quantity, kind }: PromotionTerms,
  { most, times }: { most: number; times: boolean },
): number {
  const isBundles = times || (most < quantity && kind !== 'price_per_kg')
  return isBundles ? (most / 1000) * quantity : most
}

/**
 * The reason of a condition in the description that cannot be checked for any basket; null without
 * one.
 */
function unmetCondition(
  { quantity, coupon, clubs, minBasketAgorot }: PromotionTerms,
  { buy, minBasket, club, payment }: DescribedTerms,
): string | null {
  if (payment !== null && clubs.length === 0) return NOT_COMPUTABLE.payment
  if (buy?.gets === true && buy.units !== quantity) return NOT_COMPUTABLE.otherGoods
  if (minBasket !== null && minBasketAgorot === null) return NOT_COMPUTABLE.minimumCutOff
  return club !== null && clubs.length === 0 && !coupon ? NOT_COMPUTABLE.clubInText : null
}

/**
 * Whether the description is cut off within its basket minimum: real minimums are at least 20
 * shekels.
 */
function isCutOff({ agorot, cut }: { agorot: number | null; cut: boolean }): boolean {
  return agorot === null || (cut && agorot < MIN_BASKET_AGOROT)
}
