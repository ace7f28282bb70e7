import postgres from 'postgres'

/** A postgres.js client. Functions that query take it as their first argument. */
export type Sql = postgres.Sql<Record<string, never>>
/** A client inside a transaction. */
export type Tx = postgres.TransactionSql<Record<string, never>>
/** A client or a transaction. */
export type Db = Sql | Tx

/**
 * Opens a pool of connections, which connect at the first query. The session uses UTC. `bigint`,
 * `numeric` and `count(*)` arrive as strings. Statements have no time limit unless `statementMs` is
 * given.
 */
export function connect(
  url: string,
  options: { max?: number; name?: string; statementMs?: number; onClose?: () => void } = {},
): Sql {
  return postgres(url, {
    max: options.max ?? 10,
    // session locks end with their connection, so connections are not recycled
    ...(options.max === 1 ? { max_lifetime: null } : {}),
    onclose: () => options.onClose?.(),
    onnotice: () => {},
    // the delay in seconds between attempts, counted over the whole pool: requests still wait for
    // it after the database is back
    backoff: (tries) => Math.min(0.05 * 2 ** tries, 0.25),
    connection: {
      application_name: options.name ?? 'super-zol',
      TimeZone: 'UTC',
      ...(options.statementMs === undefined ? {} : { statement_timeout: options.statementMs }),
    },
  })
}
