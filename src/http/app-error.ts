export type ErrorCode =
  | 'VALIDATION_ERROR'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'CHAIN_NOT_FOUND'
  | 'STORE_NOT_FOUND'
  | 'PRODUCT_NOT_FOUND'
  | 'PRICE_NOT_FOUND'
  | 'PROMOTION_NOT_FOUND'
  | 'RUN_NOT_FOUND'
  | 'DATABASE_UNAVAILABLE'
  | 'INTERNAL_ERROR'

/** What is wrong with one field of a request. */
export type FieldProblem = { field: string; message: string }

/** An error that the caller may read: its message and details go out as they stand. */
export class AppError extends Error {
  override name = 'AppError'
  readonly details: readonly FieldProblem[] | undefined

  constructor(
    readonly code: ErrorCode,
    readonly status: number,
    message: string,
    options: { cause?: unknown; details?: readonly FieldProblem[] } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.details = options.details
  }
}

/** 400 VALIDATION_ERROR: names each field and what it must be. */
export function invalid(...problems: FieldProblem[]): AppError {
  const message = problems.map(({ field, message }) => `${field} ${message}`).join('; ')
  return new AppError('VALIDATION_ERROR', 400, message, { details: problems })
}

/** 404 with the code of the kind of thing that was asked for. */
export function notFound(code: ErrorCode, what: string): AppError {
  return new AppError(code, 404, `There is no ${what}`)
}
