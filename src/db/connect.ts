import postgres from 'postgres'

/** A postgres.js client: what every function that queries takes as its first argument. */
export type Sql = postgres.Sql<Record<string, never>>
/** A client inside a transaction. */
export type Tx = postgres.TransactionSql<Record<string, never>>
/** Either of them: a query does not care. */
export type Db = Sql | Tx

/**
 * Opens a pool of connections (lazily: nothing is sent until the first query).
 * Times are UTC in the session; `bigint`, `numeric` and `count(*)` arrive as strings.
 */
export function connect(url: string, options: { max?: number; name?: string } = {}): Sql {
  return postgres(url, {
    max: options.max ?? 10,
    onnotice: () => {},
    // postgres.js waits up to 20 s between tries, and requests wait with it long after the database is back
    backoff: (tries) => Math.min(0.05 * 2 ** tries, 1),
    connection: { application_name: options.name ?? 'super-zol', TimeZone: 'UTC' },
  })
}
