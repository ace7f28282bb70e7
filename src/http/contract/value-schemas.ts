import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { DAY_PATTERN, MOMENT_PATTERN } from './moment.ts'
import { TEXT_PATTERN } from './text-pattern.ts'

export const MAX_INTEGER = 2_147_483_647

/** A positive database id. */
export const idNumber = (example: number, description?: string) =>
  Type.Integer({
    minimum: 1,
    maximum: MAX_INTEGER,
    example,
    ...(description === undefined ? {} : { description }),
  })

/** An enumeration of texts, in OpenAPI 3.0 notation. */
export function choice<T extends string>(
  values: readonly T[],
  options: { description?: string; example?: NoInfer<T> } = {},
) {
  return Type.Unsafe<T>(
    Type.String({ ...options, enum: [...values], pattern: `^(${values.join('|')})$` }),
  )
}

/** A nullable value, in OpenAPI 3.0 notation (it has no `null` type). */
export function nullable<S extends TSchema>(schema: S) {
  return Type.Unsafe<Static<S> | null>({ ...schema, nullable: true })
}

/** Text of 1 to 200 characters with at least one visible character. */
export const text = (example: string, description?: string) =>
  Type.String({
    minLength: 1,
    maxLength: 200,
    pattern: TEXT_PATTERN,
    example,
    ...(description === undefined ? {} : { description }),
  })

/** A day, `YYYY-MM-DD`. */
export const day = (example: string, description: string) =>
  Type.String({ pattern: DAY_PATTERN, example, description })

/** A date or a timestamp, in the form that `readMoment` reads. */
export const moment = (example: string, description: string) =>
  Type.String({ pattern: MOMENT_PATTERN, example, description })

/** A timestamp in a response: ISO 8601 with Israel's offset. */
export const dateTime = (description?: string) =>
  Type.String({ format: 'date-time', ...(description === undefined ? {} : { description }) })
