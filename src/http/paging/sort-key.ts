import type { PgColumn } from 'drizzle-orm/pg-core'
import type { PendingQuery, Row } from 'postgres'
import type { Db } from '../../db/connect.ts'

/** A piece of SQL, made with `db` as a tag. */
export type Sql = PendingQuery<Row[]>

type SqlType = 'integer' | 'bigint' | 'text' | 'timestamptz' | 'date' | 'boolean' | 'uuid'

/**
 * What a list can be sorted by. A column says by its table whether it may be null; an expression always may, so that no
 * declaration can be wrong. Keys that are null come last, in both directions.
 */
export type SortKey = { column: PgColumn; alias: string } | { by: Sql; type: SqlType }

/** A sort key as SQL. */
export type OrderKey = { by: Sql; type: string; nullable: boolean; descending: boolean }

/** @param key of a column: one of a table that the query joins by `alias`, and not by an outer join */
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
