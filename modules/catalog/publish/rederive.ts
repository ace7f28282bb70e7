import type { Tx } from '../../../src/db/connect.ts'
import { RULES } from './derive.ts'
import { describeAnew } from './describe.ts'
import { nameChains } from './publish.ts'

/**
 * Chooses and classifies all products again if older rules described them; null when the rules are
 * the same. Otherwise returns how many products differ now, and leaves `reweighed_products` as
 * `describeAnew` does.
 */
export async function rederiveProducts(tx: Tx): Promise<number | null> {
  const [current] = await tx`select from catalog.derived where rules = ${RULES}`
  if (current !== undefined) return null
  await nameChains(tx)
  await tx`create temp table all_products on commit drop as
    select id as product_id from catalog.products`
  const changed = await describeAnew(tx, 'all_products')
  await tx`insert into catalog.derived (rules) values (${RULES})
    on conflict (only_row) do update set rules = excluded.rules`
  return changed
}
