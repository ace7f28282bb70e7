import { analyzeGrown } from '../../../src/db/analyze.ts'
import type { Tx } from '../../../src/db/connect.ts'
import { countCoverage } from '../spans/coverage.ts'
import { PROMOTIONS } from '../spans/span-tables.ts'
import { type NewList, type Published, publishLists } from './publish-lists.ts'

/**
 * Publishes new terms and places the lists that name them. Reads relations with the columns of
 * `ingestion.staged_promotion_keys`, `staged_promotion_terms` and, for the new products of this
 * version, `staged_products`.
 *
 * Promotions alone create no products: an item code remains a code until a price list has it.
 * Returns a summary, by chain, of the terms that these lists name.
 */
export async function publishPromotions(
  tx: Tx,
  from: { keys: string; terms: string; products: string },
  batches: AsyncIterable<NewList[]>,
): Promise<Published & { chains: ChainTerms[] }> {
  await tx`insert into pricing.promotion_keys (id, chain_id, code) select id, chain_id, code from ${tx(from.keys)}`
  await nameNewProducts(tx, from.products)
  await addTerms(tx, from)
  const named = new Set<number>()
  const {
    changedKeys: _,
    observations,
    ...published
  } = await publishLists(tx, PROMOTIONS, noting(batches, named))
  await countCoverage(tx, observations)
  return { ...published, chains: await describeTerms(tx, named) }
}

/** Passes the batches through and adds the terms that they name to `named`. */
async function* noting(
  batches: AsyncIterable<NewList[]>,
  named: Set<number>,
): AsyncGenerator<NewList[]> {
  for await (const batch of batches) {
    for (const { values } of batch) for (const terms of values) if (terms > 0) named.add(terms)
    yield batch
  }
}

/**
 * A summary of the different terms of a chain's promotions: their number, the number that is not
 * computable, by reason, and how many descriptions agree with the terms, disagree or are silent.
 */
export type ChainTerms = {
  chain_id: string
  terms: number
  not_computable: Record<string, number>
  described: Record<'agrees' | 'disagrees' | 'silent', number>
}

async function describeTerms(tx: Tx, ids: ReadonlySet<number>): Promise<ChainTerms[]> {
  return await tx<ChainTerms[]>`
    with named as (
      select chain_id, not_computable, described, count(*)::integer as terms
      from pricing.promotion_terms where id = any(${[...ids]}::int[]) group by chain_id, not_computable, described
    ), reasons as (
      select chain_id, jsonb_object_agg(not_computable, terms) as reasons
      from (select chain_id, not_computable, sum(terms) as terms from named where not_computable is not null group by 1, 2) by_reason
      group by chain_id
    )
    select chain_id, sum(terms)::integer as terms, coalesce(reasons, '{}') as not_computable,
      jsonb_build_object(
        'agrees', coalesce(sum(terms) filter (where described = 'agrees'), 0),
        'disagrees', coalesce(sum(terms) filter (where described = 'disagrees'), 0),
        'silent', coalesce(sum(terms) filter (where described = 'silent'), 0)) as described
    from named left join reasons using (chain_id) group by chain_id, reasons order by chain_id`
}

/** Replaces item codes in published terms by the products that this version adds. */
async function nameNewProducts(tx: Tx, products: string): Promise<void> {
  await tx`update pricing.promotion_terms t set
      product_ids = array(select id from unnest(t.product_ids || n.ids) id order by id),
      unknown_codes = array(select code from unnest(t.unknown_codes) code where code <> all(n.codes) order by code)
    from (
      select t.id, array_agg(p.id) as ids, array_agg(p.code) as codes
      from pricing.promotion_terms t cross join unnest(t.unknown_codes) item (code)
        join ${tx(products)} p on p.code = item.code and (p.chain_id is null or p.chain_id = t.chain_id)
      group by t.id
    ) n
    where t.id = n.id`
}

/** The columns that staged and published terms have in common. */
const TERMS_COLUMNS = [
  ...['chain_id', 'code', 'description', 'kind', 'not_computable', 'quantity', 'weight_unsettled'],
  ...[
    'weight_reading',
    'agorot',
    'item_agorot',
    'rate',
    'max_quantity',
    'min_basket_agorot',
    'clubs',
  ],
  ...[
    'coupon',
    'starts_at',
    'ends_at',
    'weekdays',
    'unit_agorot',
    'unit_rate',
    'unit_off',
    'unit_goods',
  ],
  ...['remark', 'reward_type', 'combines', 'extra', 'described', 'difference', 'by_cells'],
  ...['conditions_from', 'condition_words', 'gift_codes'],
]

async function addTerms(tx: Tx, from: { terms: string; products: string }): Promise<void> {
  const columns = tx.unsafe(TERMS_COLUMNS.join(', '))
  const { count } = await tx`
    with item as (
      select t.id, i.code, coalesce(p.id, n.id) as product_id
      from ${tx(from.terms)} t cross join unnest(t.codes) i (code)
        left join catalog.products p on p.code = i.code and (p.chain_id is null or p.chain_id = t.chain_id)
        left join ${tx(from.products)} n on n.code = i.code and (n.chain_id is null or n.chain_id = t.chain_id)
    ), items as (
      select id, array_agg(product_id order by product_id) filter (where product_id is not null) as products,
        array_agg(code order by code) filter (where product_id is null) as unknown
      from item group by id
    )
    insert into pricing.promotion_terms (id, digest, ${columns}, product_ids, unknown_codes)
    select t.id, digest, ${columns}, coalesce(i.products, '{}'), coalesce(i.unknown, '{}')
    from ${tx(from.terms)} t left join items i on i.id = t.id order by t.id`
  await analyzeGrown(tx, 'pricing.promotion_terms', count)
}

/** Deletes all promotions. */
export async function emptyPromotions(tx: Tx): Promise<void> {
  const tables = [
    'reductions',
    'sales',
    'promotions',
    'promotion_lists',
    'promotion_terms',
    'promotion_keys',
  ]
  for (const table of tables) await tx`delete from ${tx(`pricing.${table}`)}`
}
