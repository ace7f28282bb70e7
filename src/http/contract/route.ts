import { type Static, type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import type { Sql } from '../../db/connect.ts'
import type { ErrorCode } from './app-error.ts'
import type { Caller, Role } from './caller.ts'
import type { Page, PageQuery } from './page.ts'
import type { ReadContext } from './read-context.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * One route: its input, its answer and its handler. It is used for registration, validation and
 * OpenAPI.
 */
export type Route = ItemRoute | ListRoute | CommandRoute

type RouteBase = {
  method: Method
  /** The path in Elysia's notation, such as `/v1/stores/:id`. */
  path: string
  /** A unique name, used as the method name in clients: `listStores`, `getStore`. */
  operationId: string
  summary: string
  description?: string | undefined
  tag: string
  params: TObject
  /** The route's own query parameters; registration adds those that all items or lists have. */
  query: TObject
  /** The schema of the JSON body, for a route that takes one. */
  body?: TSchema | undefined
  /**
   * The schema of an item or of a row. Its properties are the CSV columns and the values of
   * `fields`.
   */
  responseSchema: TObject
  /** The status of a successful answer. */
  status: 200 | 201 | 202 | 204
  /**
   * The error codes beyond those of every route: VALIDATION_ERROR, DATABASE_UNAVAILABLE,
   * INTERNAL_ERROR, …
   */
  errors: readonly ErrorCode[]
  /** Whether the answer can change without a new generation. It is then not cached. */
  volatile: boolean
  /** Whether the handler runs in its own transaction, where it may use `set local`. */
  inTransaction: boolean
  /** The lowest role that may call the route. */
  role: Role
  /** `key`: only an API key is accepted, no token. */
  credential?: 'key' | undefined
  /** The cost of a call in the rate limit; a plain read costs 1. */
  cost: number
}

export type ItemRoute = RouteBase & {
  kind: 'item'
  handler: (context: ReadContext, input: never) => Promise<object>
}

export type ListRoute = RouteBase & {
  kind: 'list'
  /** The fields that `sort` accepts. */
  sorts: readonly string[]
  /** Whether the list has pages. A list whose size depends on the request body has none. */
  paged: boolean
  handler: (context: ReadContext, input: never) => Promise<Page<object>>
}

/** A route that changes data or starts work. */
export type CommandRoute = RouteBase & {
  kind: 'command'
  handler: (access: CommandAccess, input: never) => Promise<CommandResult<object>>
}

export type CommandAccess = { sql: Sql; caller: Caller }

/** A command's result; empty for 204. */
export type CommandResult<T> = {
  data?: T
  /** The path of the created resource. */
  location?: string
}

type Props = TProperties
type None = Record<never, never>

/** A handler's input: path and query parameters, and the body. */
export type Input<P extends Props, Q extends Props, B extends TSchema> = Static<TObject<P>> &
  Static<TObject<Q>> & { body: Static<B> }

/** The input of an item handler, from its parameters. */
export type ItemInput<P extends Props, Q extends Props = None> = Static<TObject<P>> &
  Static<TObject<Q>>

/** The input of a list handler, from its query and path parameters. */
export type ListInput<Q extends Props, P extends Props = None> = ItemInput<P, Q> & PageQuery

type Declaration<S extends TObject, P extends Props, Q extends Props, B extends TSchema> = Pick<
  RouteBase,
  'path' | 'operationId' | 'summary' | 'tag'
> &
  Partial<
    Pick<
      RouteBase,
      'method' | 'description' | 'errors' | 'volatile' | 'inTransaction' | 'role' | 'cost'
    >
  > & { responseSchema: S; params?: P; query?: Q; body?: B }

const DEFAULTS = {
  method: 'GET',
  status: 200,
  errors: [],
  volatile: false,
  inTransaction: false,
  role: 'reader',
  cost: 1,
} as const

/** A route that returns one item, for GET, or for POST when the query is a body. */
export function itemRoute<
  S extends TObject,
  P extends Props = None,
  Q extends Props = None,
  B extends TSchema = TSchema,
>(
  declaration: Declaration<S, P, Q, B> & {
    handler: (context: ReadContext, input: Input<P, Q, B>) => Promise<Static<S>>
  },
): ItemRoute {
  return { ...DEFAULTS, ...declaration, ...parametersOf(declaration), kind: 'item' }
}

/** A route that returns a list, with the filters in `query` and the sort fields in `sorts`. */
export function listRoute<
  S extends TObject,
  P extends Props = None,
  Q extends Props = None,
  B extends TSchema = TSchema,
>(
  declaration: Declaration<S, P, Q, B> & {
    sorts: readonly string[]
    paged?: boolean
    handler: (context: ReadContext, input: Input<P, Q, B> & PageQuery) => Promise<Page<Static<S>>>
  },
): ListRoute {
  return { ...DEFAULTS, paged: true, ...declaration, ...parametersOf(declaration), kind: 'list' }
}

const EMPTY = Type.Object({})

/** A route that changes data or starts work. It requires the role `admin` by default. */
export function commandRoute<
  S extends TObject = typeof EMPTY,
  P extends Props = None,
  B extends TSchema = TSchema,
>(
  declaration: Omit<
    Declaration<S, P, None, B>,
    'query' | 'volatile' | 'inTransaction' | 'responseSchema'
  > &
    Pick<RouteBase, 'method' | 'status' | 'credential'> & {
      /** Omitted for status 204. */
      responseSchema?: S
      handler: (
        access: CommandAccess,
        input: Input<P, None, B>,
      ) => Promise<CommandResult<Static<S>>>
    },
): CommandRoute {
  return {
    ...DEFAULTS,
    role: 'admin',
    responseSchema: EMPTY,
    ...declaration,
    ...parametersOf(declaration),
    volatile: true,
    kind: 'command',
  }
}

function parametersOf({ params, query }: { params?: Props; query?: Props }) {
  return { params: Type.Object(params ?? {}), query: Type.Object(query ?? {}) }
}
