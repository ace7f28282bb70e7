import type { ReadContext } from '../contract/read-context.ts'
import type { Sql } from './paging.ts'

/** The maximum cost in planner units: about 0.2 s on a small machine. */
const MAX_COST = 20_000

/** Counts the rows of a query. Returns null when PostgreSQL estimates a high cost. */
export async function countCheaply({ db }: ReadContext, query: Sql): Promise<number | null> {
  const [plan] = await db<{ 'QUERY PLAN': [{ Plan: { 'Total Cost': number } }] }[]>`
    explain (format json) select count(*) from (${query}) counted`
  if (plan === undefined || plan['QUERY PLAN'][0].Plan['Total Cost'] > MAX_COST) return null
  const [row] = await db<{ count: string }[]>`select count(*) from (${query}) counted`
  return Number(row?.count)
}
