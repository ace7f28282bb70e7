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
  return postgres(url, {
    max: options.max ?? 10,
    // a session's locks live as long as its connection
    ...(options.max === 1 ? { max_lifetime: null } : {}),
    onclose: () => options.onClose?.(),
    onnotice: () => {},
    // seconds between tries, counted over the whole pool: requests still wait for it when the
    // database is back
    backoff: (tries) => Math.min(0.05 * 2 ** tries, 0.25),
    connection: {
      application_name: options.name ?? 'super-zol',
      TimeZone: 'UTC',
      ...(options.statementMs === undefined ? {} : { statement_timeout: options.statementMs }),
    },
  })
}
