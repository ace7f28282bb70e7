/**
 * Why a request to Kaggle failed. `BUSY` (429, 5xx) and `DISCONNECTED` (no connection, or no data)
 * may pass; `BAD_ANSWER` is not a response of Kaggle's, and a `BROKEN_FILE` fails its checks.
 */
export type KaggleErrorCode =
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BUSY'
  | 'DISCONNECTED'
  | 'BAD_ANSWER'
  | 'BROKEN_FILE'

/**
 * Names the host, never the address: a signed address is a key to the file, so no `cause` with one
 * is kept either.
 */
export class KaggleError extends Error {
  override name = 'KaggleError'
  constructor(
    readonly code: KaggleErrorCode,
    message: string,
    /** Milliseconds from `Retry-After`. */
    readonly retryAfterMs?: number,
  ) {
    super(message)
  }
}

/** Whether an error is a KaggleError with one of the codes. */
export function isKaggleError(error: unknown, ...codes: KaggleErrorCode[]): error is KaggleError {
  return error instanceof KaggleError && codes.includes(error.code)
}
