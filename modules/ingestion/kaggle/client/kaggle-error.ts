/**
 * Why something cannot be had from Kaggle. `BUSY` (429, 5xx) and `DISCONNECTED` (no connection, or silence on it) may
 * pass; `BAD_ANSWER` is none that Kaggle gives, and a `BROKEN_FILE` is not what it should be.
 */
export type KaggleErrorCode =
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BUSY'
  | 'DISCONNECTED'
  | 'BAD_ANSWER'
  | 'BROKEN_FILE'

/** Names the host and never an address: a signed one is a key to the file, and no `cause` is kept that holds one. */
export class KaggleError extends Error {
  override name = 'KaggleError'
  constructor(
    readonly code: KaggleErrorCode,
    message: string,
    /** How long the server asked to be left alone. */
    readonly retryAfterMs?: number,
  ) {
    super(message)
  }
}

/** Whether an error of Kaggle's has one of the codes. */
export function isKaggleError(error: unknown, ...codes: KaggleErrorCode[]): error is KaggleError {
  return error instanceof KaggleError && codes.includes(error.code)
}
