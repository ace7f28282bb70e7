/** The error codes of postgres.js and of sockets when the server is unreachable. */
const CONNECTION = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
])
/**
 * SQLSTATE classes 08 (connection exception) and 53 (insufficient resources), and codes of a server
 * that starts or stops.
 */
const STATE = /^(08|53)...$|^57P0[1-5]$/

/** Whether PostgreSQL cancelled a statement that exceeded `statement_timeout`. */
export function isQueryTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014'
}

/** Whether an error means that the database is unavailable, and not that a query is wrong. */
export function isDatabaseGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return CONNECTION.has(code) || STATE.test(code) || isDatabaseGone(error.cause)
}
