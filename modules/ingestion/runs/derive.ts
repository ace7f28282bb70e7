import type { Sql, Tx } from '../../../src/db/connect.ts'
import { israelDate } from '../../../src/israel-time.ts'
import { rederiveProducts, updateSales } from '../../catalog/index.ts'
import {
  computeStoreIndexes,
  noteItemObjections,
  rangeSales,
  redecideTerms,
  refreshReductions,
  refreshSales,
  settleWeights,
} from '../../pricing/index.ts'
import { assertLocked } from './lock.ts'

/**
 * Recomputes derived data by the current rules: names, categories and search words of products, and
 * the terms of promotions. A database loaded by an older program becomes equal to one loaded now,
 * without its files. Starts a new generation if anything changed.
 */
export async function refreshDerived(
  db: Sql,
  { backendPid }: { backendPid: number },
): Promise<void> {
  await db.begin(async (tx) => {
    await assertLocked(tx, backendPid)
    const products = await rederiveProducts(tx)
    const isRedecided = await redecideTerms(tx)
    if (products === null && !isRedecided) return
    const [generation] = await tx<{ at: Date | null; stale_before: Date | null }[]>`
      select last_observed_at as at, stale_before from core.generation`
    const staleBefore = generation?.stale_before ?? null
    if (products !== null) await computeStoreIndexes(tx, staleBefore)
    if (products === 0 && !isRedecided) return
    const today = israelDate(generation?.at?.getTime() ?? 0)
    await rederiveSales(tx, { today, staleBefore, everywhere: isRedecided })
    const [row] = await tx<{ number: string }[]>`
      update core.generation set number = number + 1, published_at = now() returning number`
    await tx`select pg_notify('generation', ${row?.number ?? ''})`
  })
}

type Scope = { today: string; staleBefore: Date | null; everywhere: boolean }

/**
 * Recomputes the sales with their price drops and product rows: all of them, or those of products
 * that changed between weighed and not weighed.
 */
async function rederiveSales(tx: Tx, { today, staleBefore, everywhere }: Scope): Promise<void> {
  await tx`create temp table if not exists reweighed_products (product_id integer primary key) on commit drop`
  await settleWeights(tx)
  await noteItemObjections(tx)
  const stores = everywhere ? await tx<{ id: number }[]>`select id from catalog.stores` : []
  const changed = stores.map(({ id }) => id)
  await refreshSales(tx, { changed, refreshed: [], reweighed: 'reweighed_products' }, today)
  await rangeSales(tx, staleBefore)
  const touched = ['changed_sales', 'reweighed_products']
  await refreshReductions(tx, touched, { today, before: today, staleBefore })
  await updateSales(tx, { products: 'changed_sales', ranges: 'sale_ranges' })
}
