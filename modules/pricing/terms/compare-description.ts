import { type DescribedPrice, type DescribedTerms, describedTerms } from './described-terms.ts'
import type { PromotionTerms } from './promotion.ts'

/** Whether a promotion's description says the same as its terms, something else, or nothing of them. */
export type DescriptionCheck = 'agrees' | 'disagrees' | 'silent'

/** Deposits of 30 agorot a bottle are in one of the prices only; most often in the description's, which may say so. */
const DEPOSIT_AGOROT = 30
const TELLS_DEPOSIT = /פי?קדון|כולל/
const MOST_BOTTLES = 24
/** Descriptions tell prices with VAT (18% since 2025), the cells of stores in Eilat without, rounded to 10 agorot. */
const WITH_VAT = 1.18
const VAT_ROUNDING = 10
/** `2 ב 12` is 11.99 at some chains, `3 קג ב 100` is 33.33 a kilogram. */
const ROUNDING = 2

/** Compares the terms of a promotion with its description, as far as either says anything. */
export function compareWithDescription(
  terms: PromotionTerms,
  description: string | null,
): DescriptionCheck {
  if (description === null || terms.kind === 'gift' || terms.kind === 'unknown') return 'silent'
  const said = describedTerms(description)
  const deposit = TELLS_DEPOSIT.test(description)
  const checks = [
    compareOffer(terms, said, deposit),
    said.limit === null ? null : isSameLimit(terms, said.limit),
    said.minBasket === null ? null : isSameMinimum(terms, said.minBasket),
    said.coupon && !terms.coupon ? false : null,
    said.club && terms.clubs.length === 0 && !terms.coupon ? false : null,
  ].filter((check) => check !== null)
  if (checks.length === 0) return 'silent'
  return checks.every((same) => same) ? 'agrees' : 'disagrees'
}

/** Whether the description tells the same offer; null when it tells none that can be compared. */
function compareOffer(
  terms: PromotionTerms,
  said: DescribedTerms,
  deposit: boolean,
): boolean | null {
  const { kind, quantity, rate, agorot } = terms
  switch (kind) {
    case 'bundle_price':
    case 'price_per_kg':
      if (said.prices.length > 0)
        return said.prices.some((price) =>
          isSamePrice(terms, { ...price, counts: said.counts, deposit }),
        )
      return said.nth === null ? null : false
    case 'nth_unit':
      return said.nth === null ? null : said.nth.units * 1000 === quantity && said.nth.rate === rate
    case 'amount_off':
      return said.amountOff === null ? null : Math.abs(said.amountOff - (agorot ?? 0)) <= ROUNDING
    case 'percent_off':
      if (rate === 10_000 && said.free) return true
      if (said.rate !== null) return said.rate === rate
      return said.nth === null && said.prices.length === 0 ? null : false
    default:
      return null
  }
}

type SaidPrice = DescribedPrice & { counts: readonly number[]; deposit: boolean }

function isSamePrice(
  { kind, quantity, agorot, weightUnsettled }: PromotionTerms,
  said: SaidPrice,
): boolean {
  if (agorot === null) return false
  if (kind === 'price_per_kg' || weightUnsettled) {
    // the price of 1.85 kg, or of one, stands for the one of 2 that is said
    const kilogram = (said.agorot * 1000) / (said.quantity ?? 1000)
    return isSameAmount(agorot, kilogram) || isSameAmount(agorot, (kilogram * quantity) / 1000)
  }
  const units = quantity / 1000
  const sameQuantity =
    said.quantity === null ? units === 1 || said.counts.includes(units) : said.quantity === quantity
  if (!sameQuantity) return false
  return isSameAmount(agorot, said.agorot) || isDeposit(agorot - said.agorot, units, said.deposit)
}

function isSameAmount(agorot: number, said: number): boolean {
  return Math.abs(agorot - said) <= ROUNDING || Math.abs(agorot - said / WITH_VAT) <= VAT_ROUNDING
}

function isDeposit(difference: number, units: number, told: boolean): boolean {
  if (!told) return difference === -DEPOSIT_AGOROT * units
  return (
    difference % DEPOSIT_AGOROT === 0 &&
    Math.abs(difference) <= DEPOSIT_AGOROT * MOST_BOTTLES * units
  )
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
  { agorot, cut }: { agorot: number; cut: boolean },
): boolean {
  if (minBasketAgorot === null) return false
  return (
    minBasketAgorot === agorot || (cut && String(minBasketAgorot).startsWith(String(agorot / 100)))
  )
}
