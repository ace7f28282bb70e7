import type { Tx } from './connect.ts'

/**
 * Brings the planner's statistics up to date within the transaction when a table has grown by more than a tenth: what
 * follows, and the first readers, would be planned for the table as it was. `columns` spare the time of wide ones.
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
