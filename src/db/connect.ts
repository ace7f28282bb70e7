import postgres from 'postgres'

/** A postgres.js client: what every function that queries takes as its first argument. */
export type Sql = postgres.Sql<Record<string, never>>
/** A client inside a transaction. */
export type Tx = postgres.TransactionSql<Record<string, never>>
/** Either of them: a query does not care. */
export type Db = Sql | Tx

/**
 * Opens a pool of connections (lazily: nothing is sent until the first query).
 * Times are UTC in the session; `bigint`, `numeric` and `count(*)` arrive as strings. A statement may take any time
 * unless `statementMs` is given.
 */
export function connect(
  url: string,
  options: { max?: number; name?: string; statementMs?: number; onClose?: () => void } = {},
): Sql {
  const sql: Sql = postgres(url, {
    max: options.max ?? 10,
    // a session's locks live as long as its connection
    ...(options.max === 1 ? { max_lifetime: null } : {}),
    onclose: () => options.onClose?.(),
    onnotice: () => {},
    // postgres.js waits up to 20 s between tries, and requests wait with it long after the database is back
    backoff: (tries) => Math.min(0.05 * 2 ** tries, 1),
    connection: {
      application_name: options.name ?? 'super-zol',
      TimeZone: 'UTC',
      ...(options.statementMs === undefined ? {} : { statement_timeout: options.statementMs }),
    },
  })
  const begin = sql.begin.bind(sql) as (
    options: string,
    work: (tx: Tx) => unknown,
  ) => Promise<unknown>
  const guarded = (first: string | Work, second?: Work) => {
    const [options, work] = typeof first === 'string' ? [first, second as Work] : ['', first]
    return begin(options, (tx) => withoutRollback(work, tx))
  }
  return Object.assign(sql, { begin: guarded })
}

type Work = (tx: Tx) => unknown
const LOST = /^(CONNECTION_|ECONN|EPIPE|57P0)/

/**
 * postgres.js 3.4 sends `rollback` on a connection that is lost, and can never use that place in its pool again: all
 * that is queued there waits for CONNECT_TIMEOUT. It ends a transaction by itself when its connection closes, so the
 * work of a lost one must not end.
 */
async function withoutRollback(work: Work, tx: Tx): Promise<unknown> {
  try {
    return await work(tx)
  } catch (error) {
    if (error instanceof Error && 'code' in error && LOST.test(String(error.code)))
      return new Promise(() => {})
    throw error
  }
}
