/** What postgres.js and the socket say when there is no server to talk to. */
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
/** SQLSTATE classes 08 (connection exception), 53 (insufficient resources), and a server that starts or stops. */
const STATE = /^(08|53)...$|^57P0[1-5]$/

/** Did PostgreSQL end a statement that took longer than `statement_timeout`? */
export function isQueryTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014'
}

/** Is this error about the database being away, rather than about what was asked of it? */
export function isDatabaseGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return CONNECTION.has(code) || STATE.test(code) || isDatabaseGone(error.cause)
}
