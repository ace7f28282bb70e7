import type { Tx } from '../../../src/db/connect.ts'
import { oneUnit } from '../../pricing/index.ts'
import type { Fresh, NewTerms } from './registry.ts'

/** Stages the promotions, terms and wordings that are new. */
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
    await tx`insert into ingestion.staged_promotion_terms (id, digest, chain_id, code, description, kind, not_computable,
        quantity, weight_unsettled, agorot, rate, max_quantity, min_basket_agorot, clubs, coupon, starts_at, ends_at,
        unit_agorot, unit_rate, unit_off, unit_goods, remark, reward_type, combines, extra, described, codes, gift_codes)
      select id, decode(digest, 'hex'), "chainId", code, description, kind, "notComputable",
        quantity, "weightUnsettled", agorot, rate, "maxQuantity", "minBasketAgorot",
        array(select jsonb_array_elements_text(clubs)), coupon,
        to_timestamp("startsAt" / 1000.0), to_timestamp("endsAt" / 1000.0),
        "unitAgorot", "unitRate", "unitOff", "unitGoods", remark, "rewardType", combines, nullif(extra, 'null'), described,
        array(select jsonb_array_elements_text("itemCodes")), array(select jsonb_array_elements_text("giftCodes"))
      from jsonb_to_recordset(${tx.json(terms.map(toRow))}) as x (id integer, digest text, "chainId" text, code text,
        description text, kind text, "notComputable" text, quantity integer, "weightUnsettled" boolean, agorot integer,
        rate integer, "maxQuantity" integer, "minBasketAgorot" integer, clubs jsonb, coupon boolean, "startsAt" bigint,
        "endsAt" bigint, "unitAgorot" integer, "unitRate" integer, "unitOff" integer, "unitGoods" text, remark text,
        "rewardType" text, combines boolean, extra jsonb, described text, "itemCodes" jsonb, "giftCodes" jsonb)`
  }
  if (termsWordings.length > 0) {
    await tx`insert into ingestion.staged_terms_wordings (wording, terms_id)
      select wording, "termsId" from jsonb_to_recordset(${tx.json(termsWordings)}) as x (wording bigint, "termsId" integer)`
  }
}

/** Terms with what they do to one unit that anyone buys. */
function toRow(terms: NewTerms) {
  const unit = oneUnit(terms)
  return {
    ...terms,
    unitAgorot: unit !== null && 'agorot' in unit ? unit.agorot : null,
    unitRate: unit !== null && 'rate' in unit ? unit.rate : null,
    unitOff: unit !== null && 'off' in unit ? unit.off : null,
    unitGoods: unit?.goods ?? null,
  }
}
