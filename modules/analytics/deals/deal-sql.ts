import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { all } from '../../../src/http/paging/conditions.ts'
import type { Sql } from '../../../src/http/paging/paging.ts'
import { goodsOnly, TOKEN_AGOROT } from '../../catalog/index.ts'
import type { DealsQuery } from './deal-schemas.ts'

/** Variants listed with a deal; `variant_count` counts all of them. */
export const MAX_VARIANTS = 20
/** A price this many times below its reference is usually an error of the source. */
export const SUSPECT_FACTOR = 5

/**
 * SQL: the best store of each product and chain (the first of equal ones). Near-identical articles
 * of a promotion share one row (docs/analytics.md, "Deals").
 *
 * @param conditions on reductions `r`
 */
export function selectDeals(
  context: ReadContext,
  query: DealsQuery,
  conditions: readonly (Sql | false)[],
): Sql {
  const { db } = context
  const deals = scoredDeals(context, query, conditions)
  if (query.group_variants === false)
    return db`select d.*, 0 as variant_count, '{}'::int[] as variant_ids, '{}'::int[] as variant_agorot from (${deals}) d`
  const best = db`suspect, single_store, worth desc, product_id`
  return db`
    with deals as materialized (${deals}), grouped as (
      select (array_agg(product_id order by ${best}))[1] as product_id, chain_id,
        count(*)::integer - 1 as variant_count,
        (array_agg(product_id order by ${best}))[2:${MAX_VARIANTS + 1}::int] as variant_ids,
        (array_agg(agorot order by ${best}))[2:${MAX_VARIANTS + 1}::int] as variant_agorot
      from deals
      group by chain_id, coalesce(promotion, product_id::text),
        case when is_rate then split_part(name, ' ', 1) else agorot::text end
    )
    select d.*, variant_count, variant_ids, variant_agorot
    from grouped join deals d using (product_id, chain_id)`
}

function scoredDeals(
  context: ReadContext,
  query: DealsQuery,
  conditions: readonly (Sql | false)[],
): Sql {
  const { db, day } = context
  const { min_score, kind, include_stale, min_stores } = query
  const market = include_stale ? db`r.all_market_agorot` : db`r.market_agorot`
  const sellers = include_stale ? db`p.all_store_count` : db`p.store_count`
  const where = all(context, [
    db`r.ends_on >= ${day}::date and r.agorot < f.reference and r.agorot > ${TOKEN_AGOROT}`,
    kind !== undefined && db`(r.terms_id is not null) = ${kind === 'promotion'}`,
    min_score !== undefined && db`g.score >= ${Math.ceil(Number((min_score * 100).toFixed(4)))}`,
    goodsOnly(context, query),
    ...conditions,
  ])
  return db`
    select d.*, sellers < 2 as single_store, reference >= ${SUSPECT_FACTOR} * agorot::bigint as suspect,
      ((2 * score * stores::bigint * sellers * evidence + w.divisor) / (2 * w.divisor))::integer as worth
    from (
      select distinct on (r.product_id, s.chain_id) r.product_id, r.store_id, s.chain_id, r.agorot,
        r.shelf_agorot, r.terms_id, r.ends_on, r.last_day, r.low_30, r.median_30, r.days_30, r.low_90,
        r.median_90, r.days_90, f.reference, b.percent, g.score,
        ${market} as market, m.stores as market_stores, t.description, p.name,
        coalesce(t.description, t.id::text) as promotion, t.unit_rate is not null as is_rate,
        case when p.chain_id is null then p.code end as barcode,
        greatest(${sellers}, 1)::bigint as sellers, (r.days_90 + m.stores)::bigint as evidence,
        count(*) over (partition by r.product_id, s.chain_id, r.agorot)::integer as stores
      from pricing.reductions r join catalog.stores s on s.id = r.store_id
        join catalog.products p on p.id = r.product_id
        left join pricing.promotion_terms t on t.id = r.terms_id
        cross join lateral (select
          ${include_stale ? db`r.all_market_stores` : db`r.market_stores`} as stores) m
        cross join lateral (select least(r.low_30, r.median_90, ${market}) as reference) f
        cross join lateral (select ${percentBelow(db`f.reference`)} as percent,
          ${percentBelow(db`least(f.reference, r.low_90)`)} as percent_low) b
        cross join lateral (select (b.percent + b.percent_low + 1) / 2 as score) g
      where ${where}
      order by r.product_id, s.chain_id, g.score desc, r.agorot, r.store_id
    ) d cross join lateral (select (stores + 2) * (sellers + 2) * (evidence + 3) as divisor) w
    where ${min_stores === undefined ? db`true` : db`stores >= ${min_stores}`}`

  /** The reduction in hundredths of a percent, rounded half up; 0 if the price is not lower. */
  function percentBelow(reference: Sql): Sql {
    return db`greatest(0,
      ((${reference} - r.agorot) * 20000::bigint + ${reference}) / (2 * ${reference}))::integer`
  }
}
