import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { Sql } from '../../../src/http/paging/paging.ts'

/** 100,000 shekels per kilogram, litre, metre or unit: a dearer unit is a mistyped quantity. */
const MAX_AGOROT = 10_000_000

/**
 * SQL: a price of product `p` per kilogram, litre, metre or unit, in thousandths of an agora; null
 * without contents, or if the result is implausible (1 gram or millilitre is a placeholder).
 */
export function unitPriceKey({ db }: ReadContext, agorot: Sql): Sql {
  return db`(case when p.is_weighted then ${agorot} * 1000::bigint
    when p.unit_of_measure is null or coalesce(p.unit_quantity, 0) <= 0 then null
    when p.unit_of_measure in ('gram', 'milliliter') and p.unit_quantity = 1 then null
    else (select round(k) from (select 1000 * ${agorot} / p.unit_quantity * case
        when p.unit_of_measure in ('gram', 'milliliter') then 1000 else 1 end as k) x
      where k <= ${MAX_AGOROT}::numeric * 1000)
    end)::bigint`
}
