import type { Sql } from '../../../src/db/connect.ts'
import { deriveAnew } from '../../catalog/index.ts'
import { computeStoreIndexes } from '../../pricing/index.ts'
import { assertLocked } from './lock.ts'

/**
 * Derives the products' categories and search words anew when the program follows other rules than those that they were
 * derived by, and what depends on them, and counts the generation up when any is otherwise: a database that is already
 * loaded gets them so.
 */
export async function refreshDerived(
  db: Sql,
  { backendPid }: { backendPid: number },
): Promise<void> {
  await db.begin(async (tx) => {
    await assertLocked(tx, backendPid)
    if ((await deriveAnew(tx)) === 0) return
    const [before] = await tx<
      { stale_before: Date | null }[]
    >`select stale_before from core.generation`
    await computeStoreIndexes(tx, before?.stale_before ?? null)
    const [row] = await tx<{ number: string }[]>`
      update core.generation set number = number + 1, published_at = now() returning number`
    await tx`select pg_notify('generation', ${row?.number ?? ''})`
  })
}
