/** All error codes with their HTTP status. */
const STATUS = {
  VALIDATION_ERROR: 400,
  UNAUTHORIZED: 401,
  API_KEY_INVALID: 401,
  API_KEY_EXPIRED: 401,
  API_KEY_REVOKED: 401,
  TOKEN_INVALID: 401,
  TOKEN_EXPIRED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CHAIN_NOT_FOUND: 404,
  STORE_NOT_FOUND: 404,
  PRODUCT_NOT_FOUND: 404,
  PRICE_NOT_FOUND: 404,
  PROMOTION_NOT_FOUND: 404,
  RUN_NOT_FOUND: 404,
  DATASET_NOT_FOUND: 404,
  KEY_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_TIMEOUT: 408,
  DATASET_EXISTS: 409,
  DATASET_DISABLED: 409,
  RUN_IN_PROGRESS: 409,
  RUN_NOT_STARTED: 409,
  PAYLOAD_TOO_LARGE: 413,
  URI_TOO_LONG: 414,
  UNSUPPORTED_MEDIA_TYPE: 415,
  QUERY_TOO_EXPENSIVE: 422,
  BASKET_TOO_HARD: 422,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  OPTIMIZER_BUSY: 503,
  DATABASE_UNAVAILABLE: 503,
  OVERLOADED: 503,
  QUERY_TIMEOUT: 504,
} as const

export type ErrorCode = keyof typeof STATUS

export function statusOf(code: ErrorCode): number {
  return STATUS[code]
}

/** One invalid field of a request. */
export type FieldProblem = { field: string; message: string }

/** An error whose message and details are sent to the caller unchanged. */
export class AppError extends Error {
  override name = 'AppError'
  readonly status: number
  readonly details: readonly FieldProblem[] | undefined

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: readonly FieldProblem[] } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.status = statusOf(code)
    this.details = options.details
  }
}

/** A 400 VALIDATION_ERROR that lists each invalid field and the rule for it. */
export function invalid(...problems: FieldProblem[]): AppError {
  const message = problems.map(({ field, message }) => `${field} ${message}`).join('; ')
  return new AppError('VALIDATION_ERROR', message, { details: problems })
}

/** A 404 error with the code for the kind of resource. */
export function notFound(code: ErrorCode, what: string): AppError {
  return new AppError(code, `There is no ${what}`)
}
