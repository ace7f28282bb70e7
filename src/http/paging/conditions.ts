import type { ReadContext } from '../contract/read-context.ts'
import type { Sql } from './paging.ts'

/** Joins the conditions with `and`; `false` entries are skipped. */
export function all({ db }: ReadContext, conditions: readonly (Sql | false)[]): Sql {
  return conditions.reduce<Sql>(
    (left, right) => (right === false ? left : db`${left} and ${right}`),
    db`true`,
  )
}

/**
 * Matches a column with ids. A single id uses `=`, so that an index that begins with the column can
 * return ordered rows.
 */
export function amongIds({ db }: ReadContext, column: Sql, ids: readonly number[]): Sql {
  const [id, ...more] = ids
  return id !== undefined && more.length === 0
    ? db`${column} = ${id}`
    : db`${column} = any(${[...ids]}::int[])`
}
