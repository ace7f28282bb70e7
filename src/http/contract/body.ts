import type { Static, TSchema } from '@sinclair/typebox'
import { type ValueError, ValueErrorType } from '@sinclair/typebox/errors'
import { Value } from '@sinclair/typebox/value'
import { AppError, type FieldProblem, invalid } from './app-error.ts'
import { expected } from './input.ts'

const MAX_BYTES = 65_536
const MAX_PROBLEMS = 10
/** The maximum time for receiving the body. */
const BODY_MS = 10_000

/**
 * Reads and validates a JSON body. Text is normalized to NFC and not trimmed. The field of a
 * problem is a path such as `items[0].quantity`.
 *
 * @throws AppError UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE (over 64 KB), REQUEST_TIMEOUT,
 *   VALIDATION_ERROR
 */
export async function readBody<B extends TSchema>(
  request: Request,
  schema: B,
  { bodyMs = BODY_MS } = {},
): Promise<Static<B>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type !== 'application/json') {
    throw new AppError(
      'UNSUPPORTED_MEDIA_TYPE',
      'The body must be JSON, sent with Content-Type: application/json',
    )
  }
  if (!['', 'identity'].includes(request.headers.get('content-encoding') ?? '')) {
    throw new AppError(
      'UNSUPPORTED_MEDIA_TYPE',
      'The body must be sent as it is, without Content-Encoding',
    )
  }
  const body = parse(await readBytes(request, bodyMs))
  const problems = problemsOf(schema, body)
  if (problems.length > 0) throw invalid(...problems)
  return body as Static<B>
}

async function readBytes(request: Request, bodyMs: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () =>
    new AppError('PAYLOAD_TOO_LARGE', `The body may have at most ${MAX_BYTES} bytes`)
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BYTES) throw tooLarge()
  const bytes = new Uint8Array(MAX_BYTES)
  let length = 0
  const reader = request.body?.getReader()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => reject(new AppError('REQUEST_TIMEOUT', 'The body came too slowly')),
    bodyMs,
  )
  try {
    for (;;) {
      const { value: chunk } = await Promise.race([reader?.read() ?? { value: undefined }, late])
      if (chunk === undefined) return bytes.subarray(0, length)
      if (length + chunk.length > MAX_BYTES) throw tooLarge()
      bytes.set(chunk, length)
      length += chunk.length
    }
  } finally {
    clearTimeout(timer)
    reader?.cancel().catch(() => {})
  }
}

function parse(bytes: Uint8Array): unknown {
  const refused = (message: string) => invalid({ field: 'body', message })
  if (bytes.length === 0) throw refused('is missing')
  let body: unknown
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes), (_, value) =>
      typeof value === 'string' ? value.normalize('NFC') : value,
    )
  } catch {
    throw refused('must be JSON in UTF-8')
  }
  // PostgreSQL text cannot contain NUL
  if (JSON.stringify(body).includes('\\u0000')) throw refused('must not hold NUL characters')
  return body
}

function problemsOf(schema: TSchema, body: unknown): FieldProblem[] {
  const problems = new Map<string, string>()
  for (const error of Value.Errors(schema, body)) {
    // `nullable` is from OpenAPI 3.0, and TypeBox does not check it
    if (error.value === null && error.schema.nullable === true) continue
    const field = placeOf(error.path)
    if (!problems.has(field)) problems.set(field, problemOf(error))
    if (problems.size === MAX_PROBLEMS) break
  }
  return [...problems].map(([field, message]) => ({ field, message }))
}

function problemOf({ type, schema, message }: ValueError): string {
  if (type === ValueErrorType.ObjectAdditionalProperties) return 'is not a field of this body'
  if (type === ValueErrorType.ObjectRequiredProperty) return 'is required'
  if (schema.type === 'array') {
    return schema.minItems === undefined
      ? `must be a list of at most ${schema.maxItems} values`
      : `must be a list of ${schema.minItems} to ${schema.maxItems} values`
  }
  if (type === ValueErrorType.ObjectMinProperties) return 'must have at least one field'
  if (schema.type === 'object') return 'must be an object'
  return schema.type === undefined ? message : `must be ${expected(schema)}`
}

/** Converts `/items/0/quantity` to `items[0].quantity`. */
function placeOf(pointer: string): string {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  return (
    parts.reduce(
      (left, part) => (/^\d+$/.test(part) ? `${left}[${part}]` : left ? `${left}.${part}` : part),
      '',
    ) || 'body'
  )
}
