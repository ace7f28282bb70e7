import type { PromotionTerms } from './promotion.ts'

/** Whether a promotion's description says the same as its terms, something else, or nothing of them. */
export type DescriptionCheck = 'agrees' | 'disagrees' | 'silent'

/** What a description says, in the units of `PromotionTerms`; null where it says nothing. */
export type DescribedTerms = {
  quantity: number | null
  agorot: number | null
  rate: number | null
  /** `1+1`: of how many units one is free. */
  nth: number | null
  maxQuantity: number | null
}

/** Reads the terms that a description repeats: only ever a cross-check of what the cells say. */
export function describedTerms(description: string): DescribedTerms {
  const bundle = /(\d+)\s*(?:ק"?ג|יח'?)?\s*ב\s*-?\s*(\d+(?:\.\d+)?)/.exec(description)
  return {
    quantity: bundle === null ? null : Number(bundle[1]) * 1000,
    agorot: bundle === null ? null : Math.round(Number(bundle[2]) * 100),
    rate: null,
    nth: null,
    maxQuantity: null,
  }
}

/** Compares the terms of a promotion with its description. */
export function compareWithDescription(terms: PromotionTerms, description: string | null): DescriptionCheck {
  const said = description === null ? null : describedTerms(description)
  if (said === null || said.agorot === null) return 'silent'
  return said.agorot === terms.agorot && said.quantity === terms.quantity ? 'agrees' : 'disagrees'
}
