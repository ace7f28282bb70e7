import { type Static, type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import type { ErrorCode } from './app-error.ts'
import type { Caller, Role } from './caller.ts'
import { DAY_PATTERN, MOMENT_PATTERN } from './moment.ts'
import { TEXT_PATTERN } from './text-pattern.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What a route takes and gives: read at run time (`input.ts`) and told in the OpenAPI document (`openapi.ts`). */
export type Endpoint<
  P extends TObject = TObject,
  Q extends TObject = TObject,
  S extends TObject = TObject,
  B extends TSchema = TSchema,
> = {
  method: Method
  summary: string
  description?: string
  tag: string
  params: P
  query: Q
  /** What the JSON body must be, for a route that takes one. */
  body?: B | undefined
  /** One answer, or one row of a list; its properties are what `fields` chooses from and the columns of a CSV. */
  shape: S
  /** `act` changes something, or starts work. */
  kind: 'one' | 'list' | 'act'
  /** Of the answer when all is well. */
  status: 200 | 201 | 202 | 204
  /** Besides those that any route may answer: VALIDATION_ERROR, DATABASE_UNAVAILABLE, INTERNAL_ERROR, … */
  errors: readonly ErrorCode[]
  /** The answer changes without a new generation: it is not cached. */
  volatile: boolean
  /** It is read in a transaction of its own, for which it may `set local` what it needs. */
  inTransaction: boolean
  /** The least role that may call it. */
  role: Role
  /** How much of a caller's limit one call takes; a plain read takes 1. */
  cost: number
}

/** A request, as a route gets it. */
export type RequestContext = {
  request: Request
  params: Record<string, string>
  /** Headers that the answer gets, whatever it is. */
  set: { headers: Record<string, string | number> }
  /** The pattern of the path. */
  route: string
}

/** Says who calls, or throws the AppError with which the call is refused. */
export type Admit = (context: RequestContext, endpoint: Endpoint) => Caller | Promise<Caller>

/** What a route is told: its path and query parameters, and its body. */
export type Input<P extends TObject, Q extends TObject, B extends TSchema> = Static<P> &
  Static<Q> & { body: Static<B> }

export const MAX_INTEGER = 2_147_483_647

/** A positive id of the database. */
export const idNumber = (example: number, description?: string) =>
  Type.Integer({
    minimum: 1,
    maximum: MAX_INTEGER,
    example,
    ...(description === undefined ? {} : { description }),
  })

/** A choice of texts, as OpenAPI 3.0 knows it. */
export function choice<T extends string>(
  values: readonly T[],
  options: { description?: string; example?: NoInfer<T> } = {},
) {
  return Type.Unsafe<T>(
    Type.String({ ...options, enum: [...values], pattern: `^(${values.join('|')})$` }),
  )
}

/** A value that may be null, as OpenAPI 3.0 knows it (it has no `null` type). */
export function nullable<S extends TSchema>(schema: S) {
  return Type.Unsafe<Static<S> | null>({ ...schema, nullable: true })
}

/** Words: 1 to 200 characters of which one can be seen. */
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

/** A date, or a moment of one: what `readMoment` reads. */
export const moment = (example: string, description: string) =>
  Type.String({ pattern: MOMENT_PATTERN, example, description })

const fieldsOf = (shape: TObject) => {
  const names = Object.keys(shape.properties)
  return Type.Array(choice(names, names[0] === undefined ? {} : { example: names[0] }), {
    maxItems: 40,
    description: 'Only these fields of each row, separated by commas.',
  })
}

const NOTHING = Type.Object({})

const USUAL = {
  method: 'GET',
  status: 200,
  errors: [],
  volatile: false,
  inTransaction: false,
  role: 'reader',
  cost: 1,
} as const

type Options<
  S extends TObject,
  P extends TProperties,
  Q extends TProperties,
  B extends TSchema,
> = Pick<Endpoint<TObject, TObject, S>, 'summary' | 'tag' | 'shape'> &
  Partial<
    Pick<
      Endpoint,
      'method' | 'description' | 'errors' | 'volatile' | 'inTransaction' | 'role' | 'cost'
    >
  > & {
    params?: P
    query?: Q
    body?: B
  }

/** A route that answers one thing: to GET, or to POST where the question is a body. */
export function oneEndpoint<
  S extends TObject,
  P extends TProperties,
  Q extends TProperties,
  B extends TSchema = TSchema,
>(options: Options<S, P, Q, B>) {
  return {
    ...USUAL,
    kind: 'one' as const,
    ...options,
    params: Type.Object<P>(options.params ?? (NOTHING.properties as P)),
    query: Type.Object({
      ...(options.query ?? (NOTHING.properties as Q)),
      fields: Type.Optional(fieldsOf(options.shape)),
    }),
  }
}

/** A route that answers a list: its filters besides paging, `sort` by the names in `sorts`, and `fields`. */
export function listEndpoint<
  S extends TObject,
  P extends TProperties,
  Q extends TProperties,
  B extends TSchema = TSchema,
>(options: Options<S, P, Q, B> & { sorts: readonly string[] }) {
  const { sorts, ...rest } = options
  return {
    ...USUAL,
    kind: 'list' as const,
    ...rest,
    params: Type.Object<P>(options.params ?? (NOTHING.properties as P)),
    query: Type.Object({
      ...(options.query ?? (NOTHING.properties as Q)),
      ...pagingParameters(sorts),
      fields: Type.Optional(fieldsOf(options.shape)),
    }),
  }
}

/** A route that changes something or starts work: for admins unless told otherwise. A 204 has no shape. */
export function commandEndpoint<
  S extends TObject = typeof NOTHING,
  P extends TProperties = Record<never, never>,
  B extends TSchema = TSchema,
>(
  options: Pick<Endpoint, 'method' | 'status' | 'summary' | 'tag'> &
    Partial<Pick<Endpoint, 'description' | 'errors' | 'role' | 'cost'>> & {
      shape?: S
      params?: P
      body?: B
    },
) {
  return {
    ...USUAL,
    role: 'admin' as Role,
    kind: 'act' as const,
    ...options,
    volatile: true,
    shape: (options.shape ?? NOTHING) as S,
    params: Type.Object<P>(options.params ?? (NOTHING.properties as P)),
    query: NOTHING,
  }
}

function pagingParameters(sorts: readonly string[]) {
  const order = Type.String({
    pattern: `^(${sorts.join('|')})(:(asc|desc))?$`,
    example: `${sorts[0]}:asc`,
  })
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
      Type.Integer({
        minimum: 1,
        maximum: 100,
        example: 20,
        description: 'Rows of a page; 20 unless told.',
      }),
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
