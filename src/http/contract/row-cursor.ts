import type { PendingQuery } from 'postgres'
import type { Db } from '../../db/connect.ts'

/** Rows per batch: enough to keep the cost per row small, few enough for memory. */
const BATCH = 2000

/** The sort keys of a row, as PostgreSQL text. */
export type WithSortKeys = { keys: (string | null)[] }
type Read<T> = (offset: number, limit: number | null) => PendingQuery<(T & WithSortKeys)[]>

/** Reads a list in batches, from its beginning or from a page cursor, to its end. */
export type RowCursor = {
  /** The maximum number of rows; null for all. */
  maxRows: number | null
  isBegun(): boolean
  /**
   * Returns the next rows, none at the end. `last` is the final row when the list continues after
   * `maxRows`.
   */
  next<T>(read: Read<T>): Promise<{ rows: T[]; last: WithSortKeys | undefined }>
}

/**
 * Creates a PostgreSQL cursor in a transaction, which other statements may use in between.
 *
 * @param maxRows the maximum number of rows; null for all
 */
export function createRowCursor(db: Db, maxRows: number | null): RowCursor {
  let last: WithSortKeys | undefined
  let isBegun = false

  async function begin<T>(read: Read<T>): Promise<void> {
    isBegun = true
    if (maxRows !== null) {
      const [edge, more] = await read(maxRows - 1, 2)
      last = more === undefined ? undefined : edge
    }
    await db`declare walk no scroll cursor for ${read(0, maxRows)}`
  }

  return {
    maxRows,
    isBegun: () => isBegun,
    next: async <T>(read: Read<T>) => {
      if (!isBegun) await begin(read)
      // not prepared, because the cursors on one connection have different columns
      const rows = await db.unsafe<(T & WithSortKeys)[]>(`fetch ${BATCH} from walk`)
      return { rows, last }
    },
  }
}
