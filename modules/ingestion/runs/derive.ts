import type { Sql } from '../../../src/db/connect.ts'
import { israelDate } from '../../../src/israel-time.ts'
import { rederiveProducts, updateSales } from '../../catalog/index.ts'
import {
  computeStoreIndexes,
  rangeSales,
  refreshReductions,
  refreshSales,
} from '../../pricing/index.ts'
import { assertLocked } from './lock.ts'

/**
 * Chooses names and derives categories and search words anew when the program follows other rules than those by which
 * the products were described, with what depends on them: so a database that an older program loaded becomes equal to
 * one that is loaded now. Counts the generation up when a product is different.
 */
export async function refreshDerived(
  db: Sql,
  { backendPid }: { backendPid: number },
): Promise<void> {
  await db.begin(async (tx) => {
    await assertLocked(tx, backendPid)
    const changed = await rederiveProducts(tx)
    if (changed === null) return
    const [before] = await tx<{ at: Date | null; stale_before: Date | null }[]>`
      select last_observed_at as at, stale_before from core.generation`
    const staleBefore = before?.stale_before ?? null
    await computeStoreIndexes(tx, staleBefore)
    if (changed === 0) return
    const today = israelDate(before?.at?.getTime() ?? 0)
    await refreshSales(tx, { changed: [], refreshed: [], reweighed: 'reweighed_products' }, today)
    await rangeSales(tx, staleBefore)
    const touched = ['changed_sales', 'reweighed_products']
    await refreshReductions(tx, touched, { today, before: today, staleBefore })
    await updateSales(tx, { products: 'changed_sales', ranges: 'sale_ranges' })
    const [row] = await tx<{ number: string }[]>`
      update core.generation set number = number + 1, published_at = now() returning number`
    await tx`select pg_notify('generation', ${row?.number ?? ''})`
  })
}
