import { type Static, type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import type { ErrorCode } from './app-error.ts'

/** What a route takes and gives: read at run time (`input.ts`) and told in the OpenAPI document (`openapi.ts`). */
export type Endpoint<P extends TObject = TObject, Q extends TObject = TObject, S extends TObject = TObject> = {
  summary: string
  description?: string
  tag: string
  params: P
  query: Q
  /** One answer, or one row of a list; its properties are what `fields` chooses from and the columns of a CSV. */
  shape: S
  kind: 'one' | 'list'
  /** Besides VALIDATION_ERROR, DATABASE_UNAVAILABLE and INTERNAL_ERROR, which any route may answer. */
  errors: readonly ErrorCode[]
  /** The answer changes without a new generation: it is not cached. */
  volatile: boolean
}

export const MAX_INTEGER = 2_147_483_647

/** A positive id of the database. */
export const idNumber = (example: number, description?: string) =>
  Type.Integer({ minimum: 1, maximum: MAX_INTEGER, example, ...(description === undefined ? {} : { description }) })

/** A choice of texts, as OpenAPI 3.0 knows it. */
export function choice<T extends string>(values: readonly T[], options: { description?: string; example?: T } = {}) {
  return Type.Unsafe<T>(Type.String({ ...options, enum: [...values], pattern: `^(${values.join('|')})$` }))
}

/** A value that may be null, as OpenAPI 3.0 knows it (it has no `null` type). */
export function nullable<S extends TSchema>(schema: S) {
  return Type.Unsafe<Static<S> | null>({ ...schema, nullable: true })
}

export const text = (example: string, description?: string) =>
  Type.String({ minLength: 1, maxLength: 200, example, ...(description === undefined ? {} : { description }) })

const fieldsOf = (shape: TObject) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 40, example: Object.keys(shape.properties)[0] ?? '' }), {
    maxItems: 40,
    description: 'Only these fields of each row, separated by commas.',
  })

const none = Type.Object({})

/** A route that answers one thing. */
export function oneEndpoint<S extends TObject, P extends TProperties, Q extends TProperties>(
  options: Pick<Endpoint<TObject, TObject, S>, 'summary' | 'tag' | 'shape'> &
    Partial<Pick<Endpoint, 'description' | 'errors' | 'volatile'>> & { params?: P; query?: Q },
) {
  return {
    errors: [],
    volatile: false,
    kind: 'one' as const,
    ...options,
    params: Type.Object<P>(options.params ?? (none.properties as P)),
    query: Type.Object({
      ...(options.query ?? (none.properties as Q)),
      fields: Type.Optional(fieldsOf(options.shape)),
    }),
  }
}

/** A route that answers a list: its filters besides paging, `sort` by the names in `sorts`, and `fields`. */
export function listEndpoint<S extends TObject, P extends TProperties, Q extends TProperties>(
  options: Pick<Endpoint<TObject, TObject, S>, 'summary' | 'tag' | 'shape'> &
    Partial<Pick<Endpoint, 'description' | 'errors' | 'volatile'>> & {
      params?: P
      query?: Q
      sorts: readonly string[]
    },
) {
  const { sorts, ...rest } = options
  return {
    errors: [],
    volatile: false,
    kind: 'list' as const,
    ...rest,
    params: Type.Object<P>(options.params ?? (none.properties as P)),
    query: Type.Object({
      ...(options.query ?? (none.properties as Q)),
      ...pagingParameters(sorts),
      fields: Type.Optional(fieldsOf(options.shape)),
    }),
  }
}

function pagingParameters(sorts: readonly string[]) {
  const order = Type.String({ pattern: `^(${sorts.join('|')})(:(asc|desc))?$`, example: `${sorts[0]}:asc` })
  return {
    page: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        example: 1,
        description: 'From 1; a page past the end is empty.',
      }),
    ),
    per_page: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100, example: 20, description: 'Rows of a page; 20 unless told.' }),
    ),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2000,
        description: '`pagination.next_cursor` of the page before, instead of `page`.',
      }),
    ),
    sort: Type.Optional(
      Type.Array(order, {
        maxItems: 5,
        description: `\`field:asc\` or \`field:desc\`, repeated; fields: ${sorts.join(', ')}.`,
      }),
    ),
  }
}

/** The parameters of paging, as every list's query has them. */
export type PageQuery = Static<TObject<ReturnType<typeof pagingParameters>>>
