import type { PendingQuery } from 'postgres'
import type { Db } from '../../db/connect.ts'

/** Of a batch: enough to make a statement's cost small, few enough to be held. */
const BATCH = 2000

/** A row with its sort keys as PostgreSQL's text. */
export type WithSortKeys = { keys: (string | null)[] }
type Read<T> = (offset: number, limit: number | null) => PendingQuery<(T & WithSortKeys)[]>

/** A list that is read from its beginning, or a cursor, to its end, some rows each time that it is asked for. */
export type RowCursor = {
  /** How many rows are read at most; null for all. */
  maxRows: number | null
  isBegun(): boolean
  /** The next rows, none at the end; and the last one of all, where there is more that this walk does not go to. */
  next<T>(read: Read<T>): Promise<{ rows: T[]; last: WithSortKeys | undefined }>
}

/**
 * Walks by a cursor of PostgreSQL's in a transaction, which other statements may use in between.
 *
 * @param maxRows how many rows are read at most; null for all
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
      // not prepared: another walk on this connection has other columns
      const rows = await db.unsafe<(T & WithSortKeys)[]>(`fetch ${BATCH} from walk`)
      return { rows, last }
    },
  }
}
