import type { PgColumn } from 'drizzle-orm/pg-core'
import type { PendingQuery, Row } from 'postgres'
import type { Db } from '../../db/connect.ts'

/** A fragment of SQL from the `db` template tag. */
export type Sql = PendingQuery<Row[]>

type SqlType = 'integer' | 'bigint' | 'text' | 'timestamptz' | 'date' | 'boolean' | 'uuid'

/**
 * A sort key of a list. The table definition shows whether a column is nullable; an expression
 * always counts as nullable. Null keys come last in both directions.
 */
export type SortKey = { column: PgColumn; alias: string } | { by: Sql; type: SqlType }

/** A sort key as SQL. */
export type OrderKey = { by: Sql; type: string; nullable: boolean; descending: boolean }

/**
 * @param key a column key must be from a table that the query joins as `alias`, not by an outer
 *   join
 */
export function orderKey(db: Db, key: SortKey, descending: boolean): OrderKey {
  if ('by' in key) return { ...key, nullable: true, descending }
  const { column, alias } = key
  return {
    by: db`${db(`${alias}.${column.name}`)}`,
    type: column.getSQLType(),
    nullable: !column.notNull,
    descending,
  }
}
