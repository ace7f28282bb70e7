import { type Static, type TObject, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import type { Sql } from '../../db/connect.ts'
import type { ErrorCode } from './app-error.ts'
import type { Caller, Role } from './caller.ts'
import type { Page, PageQuery } from './page.ts'
import type { ReadContext } from './read-context.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One route: what it takes, what it answers, and what answers it. Registration, validation and OpenAPI read it. */
export type Route = ItemRoute | ListRoute | CommandRoute

type RouteBase = {
  method: Method
  /** As Elysia writes it: `/v1/stores/:id`. */
  path: string
  /** Unique, as a client's method is called: `listStores`, `getStore`. */
  operationId: string
  summary: string
  description?: string | undefined
  tag: string
  params: TObject
  /** The route's own query parameters; registration adds those that all items or lists have. */
  query: TObject
  /** The schema of the JSON body, for a route that takes one. */
  body?: TSchema | undefined
  /** One item, or one row of a list; `fields` chooses from its properties, which are the columns of a CSV. */
  responseSchema: TObject
  /** The status of a successful answer. */
  status: 200 | 201 | 202 | 204
  /** Besides those that any route may answer: VALIDATION_ERROR, DATABASE_UNAVAILABLE, INTERNAL_ERROR, … */
  errors: readonly ErrorCode[]
  /** The answer changes without a new generation: it is not cached. */
  volatile: boolean
  /** Read in a transaction of its own, in which the handler may `set local`. */
  inTransaction: boolean
  /** The least role that may call it. */
  role: Role
  /** `key`: only an API key is accepted, no token. */
  credential?: 'key' | undefined
  /** How much of a caller's rate limit one call takes; a plain read takes 1. */
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
  /** Whether it has pages; a list whose body says how many rows it has does not. */
  paged: boolean
  handler: (context: ReadContext, input: never) => Promise<Page<object>>
}

/** Changes something, or starts work. */
export type CommandRoute = RouteBase & {
  kind: 'command'
  handler: (access: CommandAccess, input: never) => Promise<CommandResult<object>>
}

export type CommandAccess = { sql: Sql; caller: Caller }

/** A command's result; empty for 204. */
export type CommandResult<T> = {
  data?: T
  /** The path of what was created. */
  location?: string
}

type Props = TProperties
type None = Record<never, never>

/** A handler's input: path and query parameters, and the body. */
export type Input<P extends Props, Q extends Props, B extends TSchema> = Static<TObject<P>> &
  Static<TObject<Q>> & { body: Static<B> }

/** The input of an item's handler, by its parameters. */
export type ItemInput<P extends Props, Q extends Props = None> = Static<TObject<P>> &
  Static<TObject<Q>>

/** The input of a list's handler, by its query and path parameters. */
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

/** A route that answers with one item: to GET, or to POST where the question is a body. */
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

/** A route that answers with a list: filters in `query`, order by the fields in `sorts`. */
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

/** A route that changes something or starts work: for admins unless declared otherwise. */
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
      /** None for a 204. */
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
