import type { Static, TObject, TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { type FieldProblem, invalid } from './app-error.ts'
import { DAY_PATTERN, MOMENT_PATTERN, MOMENT_WORDS } from './moment.ts'
import { TEXT_PATTERN } from './text-pattern.ts'

/**
 * Reads path and query parameters by their schemas: text, integers, decimal numbers, true|false,
 * and arrays (repeated or separated by commas). Text is normalized to NFC, as in the database.
 *
 * Elysia's own coercion (1.4.30) is not used: it accepts `0x10` and ` 1` as numbers, loses the name
 * of a field that is out of range, uses the last value of a repeated parameter, and gives
 * enumerations a default.
 *
 * @throws AppError VALIDATION_ERROR that lists every unknown parameter and every invalid value
 */
export function readInput<P extends TObject, Q extends TObject>(
  request: Request,
  rawParams: Record<string, string>,
  schemas: { params: P; query: Q },
): Static<P> & Static<Q> {
  const url = new URL(request.url)
  const broken = brokenPart(url)
  if (broken !== undefined)
    throw invalid({ field: broken, message: 'must be percent-encoded UTF-8 without NUL bytes' })
  const problems: FieldProblem[] = []
  const input: Record<string, unknown> = {}
  const read = (schema: TSchema | undefined, field: string, values: string[]) => {
    const outcome =
      schema === undefined
        ? { problem: 'is an unknown query parameter' }
        : readValue(schema, values)
    if ('problem' in outcome) problems.push({ field, message: outcome.problem })
    else input[field] = outcome.value
  }
  for (const [field, schema] of Object.entries(schemas.params.properties))
    read(schema, field, [rawParams[field] ?? ''])
  for (const field of new Set(url.searchParams.keys())) {
    const schema = Object.hasOwn(schemas.query.properties, field)
      ? schemas.query.properties[field]
      : undefined
    read(schema, field, url.searchParams.getAll(field))
  }
  for (const field of schemas.query.required ?? []) {
    if (!url.searchParams.has(field)) problems.push({ field, message: 'is required' })
  }
  if (input.page !== undefined && input.cursor !== undefined)
    problems.push({ field: 'page', message: 'cannot be used with cursor' })
  if (problems.length > 0) throw invalid(...problems)
  return input as Static<P> & Static<Q>
}

/**
 * The query parameter (or `path`) with invalid percent-encoding or a NUL byte, which PostgreSQL
 * text cannot contain.
 */
function brokenPart(url: URL): string | undefined {
  const parts: [string, string][] = [['path', url.pathname]]
  for (const pair of url.search.slice(1).split('&')) parts.push([pair.split('=')[0] ?? '', pair])
  return parts.find(([, text]) => {
    try {
      return decodeURIComponent(text).includes('\0')
    } catch {
      return true
    }
  })?.[0]
}

type Outcome = { value: unknown } | { problem: string }

function readValue(schema: TSchema, texts: string[]): Outcome {
  if (schema.type === 'array') {
    const items: Outcome[] = texts
      .flatMap((text) => text.split(','))
      .map((text) => readValue(schema.items, [text]))
    const bad = items.find((item) => 'problem' in item)
    if (bad !== undefined) return bad
    const value = items.map((item) => ('value' in item ? item.value : undefined))
    return Value.Check(schema, value)
      ? { value }
      : { problem: `must have at most ${schema.maxItems} values` }
  }
  const [text = '', ...more] = texts
  if (more.length > 0) return { problem: 'is given more than once' }
  const value = coerce(schema, text)
  return value !== undefined && Value.Check(schema, value)
    ? { value }
    : { problem: `must be ${expected(schema)}` }
}

function coerce({ type, pattern = TEXT_PATTERN }: TSchema, text: string): unknown {
  if (type === 'integer') return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
  if (type === 'number')
    return /^-?\d{1,20}(\.\d{1,400})?(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : undefined
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined
  const normal = text.normalize('NFC')
  return pattern === TEXT_PATTERN ? normal.trim() : normal
}

/**
 * Describes the allowed values of a schema. A schema can provide its own description as `words`.
 */
export function expected({
  words,
  type,
  enum: values,
  pattern,
  minimum,
  maximum,
  maxLength,
  example,
}: TSchema): string {
  if (typeof words === 'string') return words
  if (Array.isArray(values)) return `one of ${values.join(', ')}`
  if (type === 'boolean') return 'true or false'
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`
  if (type === 'number') return `a number from ${minimum} to ${maximum}`
  if (pattern === MOMENT_PATTERN) return MOMENT_WORDS
  if (pattern === DAY_PATTERN) return `a date such as ${example}`
  if (pattern !== undefined && pattern !== TEXT_PATTERN) return `a text such as ${example}`
  return `a text of 1 to ${maxLength} characters`
}
