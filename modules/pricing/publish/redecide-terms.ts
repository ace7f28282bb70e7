import type { Tx } from '../../../src/db/connect.ts'
import { settleTerms } from '../descriptions/settle-terms.ts'
import type { PromotionTerms } from '../terms/promotion.ts'
import { digestTerms } from '../terms/terms-digest.ts'
import { termsColumns } from './terms-columns.ts'

/**
 * The version of the rules in `settleTerms`. After an increase, existing terms are decided again
 * without their files.
 */
export const TERMS_RULES = '1'

const PAGE = 2000

type Row = {
  id: number
  chain_id: string
  code: string
  description: string | null
  remark: string | null
  reward_type: string | null
  combines: boolean | null
  extra: Record<string, string> | null
  by_cells: Partial<PromotionTerms>
  starts_at: Date | null
  ends_at: Date | null
  gift_codes: string[]
  item_codes: string[]
}

/**
 * Decides all terms again that were decided by an earlier version of the rules, from their stored
 * cells. Returns whether it did; the sales of every store must then be recomputed.
 */
export async function redecideTerms(tx: Tx): Promise<boolean> {
  const [current] = await tx`select from pricing.derived where rules = ${TERMS_RULES}`
  if (current !== undefined) return false
  let decided = 0
  for (let after = 0; ; ) {
    const page = await tx<Row[]>`
      select id, chain_id, code, description, remark, reward_type, combines, extra, by_cells, starts_at, ends_at,
        gift_codes, unknown_codes || array(select c.code from catalog.products c where c.id = any(t.product_ids)) as item_codes
      from pricing.promotion_terms t where id > ${after} and by_cells ? 'kind' order by id limit ${PAGE}`
    const last = page.at(-1)?.id
    if (last === undefined) break
    decided += page.length
    await updateTerms(tx, page.map(decide))
    after = last
  }
  await tx`insert into pricing.derived (rules) values (${TERMS_RULES})
    on conflict (only_row) do update set rules = excluded.rules`
  return decided > 0
}

function decide(row: Row) {
  const byCells: PromotionTerms = {
    kind: 'unknown',
    notComputable: null,
    quantity: 0,
    weightUnsettled: false,
    agorot: null,
    rate: null,
    maxQuantity: null,
    minBasketAgorot: null,
    clubs: [],
    coupon: false,
    ...row.by_cells,
    startsAt: row.starts_at?.getTime() ?? null,
    endsAt: row.ends_at?.getTime() ?? null,
  }
  const { description, remark, reward_type: rewardType, combines, extra } = row
  const digest = digestTerms({
    chainId: row.chain_id,
    code: row.code,
    description,
    remark,
    rewardType,
    itemCodes: row.item_codes.sort(),
    giftCodes: row.gift_codes,
    combines,
    extra,
    byCells,
  })
  const settled = settleTerms(byCells, { description, remark, rewardType })
  return { id: row.id, digest: `\\x${digest}`, ...termsColumns(settled) }
}

/** Writes the settled columns of terms. */
export async function updateTerms(
  tx: Tx,
  rows: readonly ({ id: number; digest?: string } & ReturnType<typeof termsColumns>)[],
): Promise<void> {
  await tx`update pricing.promotion_terms t set digest = coalesce(d.digest, t.digest), kind = d.kind,
      not_computable = d.not_computable, quantity = d.quantity, weight_unsettled = d.weight_unsettled,
      weight_reading = d.weight_reading, agorot = d.agorot, rate = d.rate, max_quantity = d.max_quantity,
      min_basket_agorot = d.min_basket_agorot, coupon = d.coupon, described = d.described, difference = d.difference,
      conditions_from = d.conditions_from, condition_words = d.condition_words, unit_agorot = d.unit_agorot,
      unit_rate = d.unit_rate, unit_off = d.unit_off, unit_goods = d.unit_goods
    from jsonb_populate_recordset(null::pricing.promotion_terms, ${tx.json([...rows])}) d where t.id = d.id`
}
