import type { PromotionTerms } from '../terms/promotion.ts'
import { NOT_COMPUTABLE } from '../terms/raw-promotion.ts'
import type { DescribedTerms } from './described-terms.ts'

type Text = { remark: string | null; rewardType: string | null }
type Settled = { terms: PromotionTerms; words: string[] }

const UNIT = 1000
const FREE = 10_000
const HALF = 5000
/** Yohananof's remark: "the promotion's price is the price of a kilogram". */
const PER_KILOGRAM = /המחיר לק["״'׳]?(?:ג|$)/
const ROUNDING = 2

/**
 * Uses the description to settle what the cells leave open: the discount on the n-th unit, the gift
 * of a coupon, and whether a price is for a weight or for a kilogram.
 *
 * @returns the unchanged terms if the description settles nothing; otherwise the settled terms with
 *   the words that settle them
 */
export function settleOffer(cells: PromotionTerms, described: DescribedTerms, text: Text): Settled {
  return (
    settleNth(cells, described) ??
    settleCoupon(cells, described, text) ??
    settleWeightByText(cells, described, text) ?? { terms: cells, words: [] }
  )
}

const NTH_UNIT_UNSETTLED: (string | null)[] = [
  NOT_COMPUTABLE.noQuantity,
  NOT_COMPUTABLE.unsettled,
  NOT_COMPUTABLE.noNumbers,
]

/**
 * Settles `1+1` or `השני בחצי מחיר` where the cells do not give the size of the group, or count
 * only the paid units. A rate other than a half may be the price that remains ("second at 40%"), so
 * the cells must also state it.
 */
function settleNth(cells: PromotionTerms, { nth }: DescribedTerms): Settled | null {
  if (nth === null || !NTH_UNIT_UNSETTLED.includes(cells.notComputable)) return null
  const quantity = nth.units * UNIT
  if (![0, quantity, quantity - UNIT].includes(cells.quantity)) return null
  const isSameRate = cells.rate === null ? nth.rate === HALF || nth.rate === FREE : false
  if (!isSameRate && cells.rate !== nth.rate) return null
  const terms: PromotionTerms = {
    ...cells,
    kind: 'nth_unit',
    quantity,
    rate: nth.rate,
    agorot: null,
    notComputable: null,
  }
  return { terms, words: [nth.words] }
}

/**
 * Settles the gift of a coupon, which is given once. Only the description says that it is a coupon.
 */
function settleCoupon(
  cells: PromotionTerms,
  { coupon }: DescribedTerms,
  { rewardType }: Text,
): Settled | null {
  const isOpen = cells.notComputable === NOT_COMPUTABLE.free
  if (!isOpen || coupon === null || (rewardType !== '2' && rewardType !== '10')) return null
  const maxQuantity = cells.maxQuantity ?? cells.quantity
  return { terms: { ...cells, coupon: true, maxQuantity, notComputable: null }, words: [] }
}

/**
 * Settles whether a price is for a weight or for a kilogram. The remark says so, or only one of
 * them yields the price in the text.
 */
function settleWeightByText(
  cells: PromotionTerms,
  { prices }: DescribedTerms,
  { remark }: Text,
): Settled | null {
  const { agorot, quantity, weightUnsettled } = cells
  if (!weightUnsettled || agorot === null) return null
  if (remark !== null && PER_KILOGRAM.test(remark)) return { terms: perKilogram(cells), words: [] }
  const kilograms = prices.flatMap((price) =>
    price.quantity === null ? [] : [(price.agorot * UNIT) / price.quantity],
  )
  const isNear = (amount: number) => Math.abs(agorot - amount) <= ROUNDING
  const isKilogram = kilograms.some(isNear)
  const isWeight =
    kilograms.some((kilogram) => isNear((kilogram * quantity) / UNIT)) ||
    prices.some((price) => price.quantity !== null && isNear(price.agorot))
  if (isKilogram === isWeight) return null
  return { terms: isKilogram ? perKilogram(cells) : forItsWeight(cells), words: [] }
}

function perKilogram(terms: PromotionTerms): PromotionTerms {
  return { ...forItsWeight(terms), kind: 'price_per_kg', weightReading: 'kilogram' }
}

/** Reads the price as that of `quantity` grams together. */
function forItsWeight(terms: PromotionTerms): PromotionTerms {
  const isOpen = terms.notComputable === NOT_COMPUTABLE.weight
  return {
    ...terms,
    weightUnsettled: false,
    weightReading: 'quantity',
    notComputable: isOpen ? null : terms.notComputable,
  }
}
