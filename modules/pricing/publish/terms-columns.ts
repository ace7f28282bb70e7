import type { SettledTerms } from '../descriptions/settle-terms.ts'
import { oneUnit } from '../terms/one-unit.ts'
import type { PromotionTerms } from '../terms/promotion.ts'

/** The columns of settled terms, with their effect on the price of one unit for any shopper. */
export function termsColumns(terms: SettledTerms) {
  const unit = oneUnit(terms)
  return {
    kind: terms.kind,
    not_computable: terms.notComputable,
    quantity: terms.quantity,
    weight_unsettled: terms.weightUnsettled,
    weight_reading: terms.weightReading ?? null,
    agorot: terms.agorot,
    rate: terms.rate,
    max_quantity: terms.maxQuantity,
    min_basket_agorot: terms.minBasketAgorot,
    coupon: terms.coupon,
    weekdays: terms.weekdays ?? null,
    item_agorot: terms.itemAgorot ?? null,
    described: terms.described,
    difference: terms.difference,
    conditions_from: terms.conditionsFrom,
    condition_words: terms.conditionWords,
    unit_agorot: unit !== null && 'agorot' in unit ? unit.agorot : null,
    unit_rate: unit !== null && 'rate' in unit ? unit.rate : null,
    unit_off: unit !== null && 'off' in unit ? unit.off : null,
    unit_goods: unit?.goods ?? null,
  }
}

/**
 * The terms that the cells state, as `by_cells` stores them: without the fields that have an
 * unchanging column of their own.
 */
export function cellsColumn({ startsAt: _, endsAt: __, ...cells }: PromotionTerms) {
  return cells
}
