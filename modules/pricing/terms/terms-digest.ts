import { createHash } from 'node:crypto'
import type { PromotionTerms } from './promotion.ts'

/** The content of a promotion that its digest covers. */
export type TermsContent = {
  chainId: string
  /** The publisher's promotion id. */
  code: string
  description: string | null
  remark: string | null
  rewardType: string | null
  itemCodes: readonly string[]
  giftCodes: readonly string[]
  combines: boolean | null
  extra: Readonly<Record<string, string>> | null
  byCells: PromotionTerms
}

/**
 * A digest (hex) of the content of the files. It does not change when other rules settle the terms.
 */
export function digestTerms({ byCells, extra, ...content }: TermsContent): string {
  const { kind, notComputable, quantity, weightUnsettled, agorot, rate } = byCells
  const { maxQuantity, minBasketAgorot, clubs, coupon, startsAt, endsAt } = byCells
  const parts = [
    [content.chainId, content.code, content.description, content.remark, content.rewardType],
    [content.itemCodes, content.giftCodes, content.combines, entriesOf(extra)],
    [kind, notComputable, quantity, weightUnsettled, agorot, rate, maxQuantity, minBasketAgorot],
    [clubs, coupon, startsAt, endsAt, byCells.weekdays ?? null, entriesOf(byCells.itemAgorot)],
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

function entriesOf(record: Readonly<Record<string, unknown>> | null | undefined) {
  return record ? Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)) : null
}
