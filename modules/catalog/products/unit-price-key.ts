import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { Sql } from '../../../src/http/paging/paging.ts'

/**
 * 100,000 shekels per kilogram, litre, metre or unit. A higher unit price comes from a mistyped
 * quantity.
 */
const MAX_AGOROT = 10_000_000

/**
 * SQL: a product's price per kilogram, litre, metre or unit, in thousandths of an agora. Null
 * without contents, or if the result is implausible (1 gram or millilitre is a placeholder).
 *
 * @param product the alias of the products table
 */
export function unitPriceKey({ db }: ReadContext, agorot: Sql, product = 'p'): Sql {
  const column = (name: string) => db(`${product}.${name}`)
  const [weighted, unit] = [column('is_weighted'), column('unit_of_measure')]
  const quantity = column('unit_quantity')
  return db`(case when ${weighted} then ${agorot} * 1000::bigint
    when ${unit} is null or coalesce(${quantity}, 0) <= 0 then null
    when ${unit} in ('gram', 'milliliter') and ${quantity} = 1 then null
    else (select round(k) from (select 1000 * ${agorot} / ${quantity} * case
        when ${unit} in ('gram', 'milliliter') then 1000 else 1 end as k) x
      where k <= ${MAX_AGOROT}::numeric * 1000)
    end)::bigint`
}
