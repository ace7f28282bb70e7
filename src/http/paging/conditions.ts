import type { ReadContext } from '../contract/read-context.ts'
import type { Sql } from './paging.ts'

/** All the conditions that there are (`false`: none), as one. */
export function all({ db }: ReadContext, conditions: readonly (Sql | false)[]): Sql {
  return conditions.reduce<Sql>(
    (left, right) => (right === false ? left : db`${left} and ${right}`),
    db`true`,
  )
}

/** A single id as an equality: only then can an index that begins with the column give the rows in order. */
export function amongIds({ db }: ReadContext, column: Sql, ids: readonly number[]): Sql {
  const [id, ...more] = ids
  return id !== undefined && more.length === 0
    ? db`${column} = ${id}`
    : db`${column} = any(${[...ids]}::int[])`
}
