import type { Tx } from '../../../src/db/connect.ts'
import { cellsColumn, termsColumns } from '../../pricing/index.ts'
import type { Fresh, NewTerms } from './registry.ts'

/** Stages new promotions, terms and wordings. */
export async function stagePromotions(
  tx: Tx,
  { promotions, terms, termsWordings }: Fresh,
): Promise<void> {
  if (promotions.length > 0) {
    await tx`insert into ingestion.staged_promotion_keys (id, chain_id, code)
      select id, "chainId", code
      from jsonb_to_recordset(${tx.json(promotions)}) as x (id integer, code text, "chainId" text)`
  }
  if (terms.length > 0) {
    await tx`insert into ingestion.staged_promotion_terms
      select * from jsonb_populate_recordset(null::ingestion.staged_promotion_terms, ${tx.json(terms.map(toRow))})`
  }
  if (termsWordings.length > 0) {
    await tx`insert into ingestion.staged_terms_wordings (wording, terms_id)
      select wording, "termsId" from jsonb_to_recordset(${tx.json(termsWordings)}) as x (wording bigint, "termsId" integer)`
  }
}

/** New terms as the columns of their table. */
function toRow({ id, digest, byCells, ...terms }: NewTerms) {
  return {
    id,
    digest: `\\x${digest}`,
    ...termsColumns(terms),
    by_cells: cellsColumn(byCells),
    chain_id: terms.chainId,
    code: terms.code,
    description: terms.description,
    clubs: [...terms.clubs],
    starts_at: moment(terms.startsAt),
    ends_at: moment(terms.endsAt),
    remark: terms.remark,
    reward_type: terms.rewardType,
    combines: terms.combines,
    extra: terms.extra,
    codes: terms.itemCodes,
    gift_codes: terms.giftCodes,
  }
}

function moment(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
