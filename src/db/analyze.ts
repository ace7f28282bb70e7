import type { Tx } from './connect.ts'

/**
 * Updates the planner statistics in the transaction when a table has grown by more than 10%.
 * Otherwise later queries would use plans for the old size. `columns` limits the work to those
 * columns.
 */
export async function analyzeGrown(
  tx: Tx,
  table: string,
  added: number,
  columns: string[] = [],
): Promise<void> {
  const [row] = await tx<
    { known: number }[]
  >`select reltuples as known from pg_class where oid = ${table}::regclass`
  if (added * 10 > (row?.known ?? 0)) {
    await tx`analyze ${tx(table)} ${columns.length > 0 ? tx`(${tx(columns)})` : tx``}`
  }
}
