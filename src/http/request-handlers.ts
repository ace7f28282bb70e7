import type { Answer } from '../cache/answer.ts'
import type { AnswerCache } from '../cache/answer-cache.ts'
import type { Sql } from '../db/connect.ts'
import type { Generation, GenerationWatch } from '../db/generation.ts'
import type { Logger } from '../log.ts'
import { SECURITY_HEADERS } from './answer/answer-headers.ts'
import {
  cacheHeaders,
  createState,
  isHeld,
  isNotWanted,
  notModified,
  pathOf,
} from './answer/conditional.ts'
import { asAppError } from './answer/error-replies.ts'
import { itemMediaType, listMediaType } from './answer/media-type.ts'
import { markStale } from './answer/stale-answer.ts'
import { metaOf, sampleHeader, writeItem, writeList } from './answer/write-answer.ts'
import { type Audit, auditCall } from './audit-call.ts'
import { type ConcurrencyLimit, within } from './concurrency-limit.ts'
import type { Admit } from './contract/caller.ts'
import { createReader, type ReadContext } from './contract/read-context.ts'
import { inputOf, type RequestContext, type RequestInput } from './contract/request-input.ts'
import type { CommandRoute, ItemRoute, ListRoute, Route } from './contract/route.ts'
import { createListExport, isExport } from './export/export-list.ts'

const COMMAND_TIMEOUT_MS = 120_000

/**
 * A handler must destructure the context: Elysia parses the body when a handler passes the context
 * on.
 */
export type Handler = (context: RequestContext) => Promise<Response>

/** The checks and limits for every call, besides input validation. */
export type Hooks = {
  /** Identifies the caller, checks the role and applies the rate limit. */
  admit: Admit
  /** Stores commands and refused calls. */
  audit: Audit
  /** The cache of answers; null for none. */
  cache: AnswerCache | null
  /** Limits the concurrent calls that use the database. */
  limit: ConcurrencyLimit
}

type Options = Hooks & {
  sql: Sql
  watch: GenerationWatch
  /** The clock, in epoch milliseconds. */
  now: () => number
  log: Logger
  /** The time limit of a whole read, longer than the timeout of a statement. */
  readTimeoutMs: number
  exports: { limit: ConcurrencyLimit; timeoutMs: number; rowsAnonymous: number }
}

/**
 * Creates the handler of a route. The steps of a read are: admit, cached answer, input, 304, limit,
 * database. The steps of a command are: admit, input, limit, work. `audit` receives the outcome of
 * every call.
 */
export function createRequestHandlers({
  sql,
  watch,
  now,
  admit,
  audit,
  cache,
  limit,
  readTimeoutMs,
  log,
  exports,
}: Options): (route: Route) => Handler {
  const read = createReader(sql, { watch, now })
  const stateOf = createState(now)
  const exportList = createListExport({
    ...{ open: read, watch, stateOf, admit, log },
    ...{ timeoutMs: exports.timeoutMs, rowsAnonymous: exports.rowsAnonymous },
    limits: { database: limit, exports: exports.limit },
  })

  async function answerRead(route: ItemRoute | ListRoute, context: RequestContext) {
    const { request } = context
    await admit(context, route)
    const type = route.kind === 'list' ? listMediaType(request) : itemMediaType(request)
    const keyOf = (generation: Generation) =>
      `${stateOf(generation)} ${type} ${pathOf(request.url)}`
    const headersOf = (generation: Generation) =>
      cacheHeaders(route, { type, state: stateOf(generation), url: request.url })
    const current = watch.current()
    const cached = isCached(route) && current !== null ? cache?.get(keyOf(current)) : undefined
    if (cached !== undefined) return give(request, cached)
    const giveStale = async () => {
      const last = watch.lastSeen()
      if (last === null || !isCached(route)) return undefined
      const answer = await cache?.find(keyOf(last.generation))
      return answer && markStale(give(request, answer), last.seconds)
    }
    const stale = watch.isDatabaseAway() ? await giveStale() : undefined
    if (stale !== undefined) return stale
    const input = await inputOf(context, route)
    if (current !== null && isHeld(request, headersOf(current).etag))
      return notModified(headersOf(current))

    const make = async () => {
      const { volatile, inTransaction } = route
      const { found, generation } = await within(
        2 * readTimeoutMs,
        read(
          async (view) => ({ found: await find(route, view, input), generation: view.generation }),
          { volatile, inTransaction, withSlot: (work) => limit.take(work, readTimeoutMs) },
        ),
      )
      const to = {
        ...{ request, type, headers: { ...headersOf(generation), ...sampleHeader(generation) } },
        ...{ fields: input.fields, bom: input.bom === true },
        meta: metaOf(generation, now()),
      }
      const written =
        'page' in found
          ? await writeList(found.page, { ...to, responseSchema: route.responseSchema })
          : await writeItem(found.item, to)
      return { key: keyOf(generation), answer: asAnswer(written) }
    }
    try {
      if (cache === null || current === null || !isCached(route))
        return give(request, (await make()).answer)
      return give(request, await cache.getOrMake(keyOf(current), make))
    } catch (error) {
      if (asAppError(error).code !== 'DATABASE_UNAVAILABLE') throw error
      const stale = await giveStale()
      if (stale === undefined) throw error
      return stale
    }
  }

  async function runCommand(route: CommandRoute, context: RequestContext) {
    const caller = await admit(context, route)
    const input = await inputOf(context, route)
    const { data, location } = await limit.take(
      () => route.handler({ sql, caller }, input as never),
      COMMAND_TIMEOUT_MS,
    )
    const headers = {
      'cache-control': 'no-store',
      ...(location === undefined ? {} : { location }),
    }
    if (route.status === 204) return new Response(null, { status: 204, headers })
    return Response.json({ data }, { status: route.status, headers })
  }

  function answer(route: Route, context: RequestContext): Promise<Response> {
    if (route.kind === 'command') return runCommand(route, context)
    if (route.kind === 'list' && isExport(context.request)) return exportList(route, context)
    return answerRead(route, context)
  }

  return (declared) =>
    async ({ request, params, set, route }) => {
      // Elysia gives no params to a path without parameters
      const context = { request, params: params ?? {}, set, route }
      try {
        const response = await answer(declared, context)
        auditCall(audit, { context, route: declared, outcome: response })
        return response
      } catch (error) {
        auditCall(audit, { context, route: declared, outcome: error })
        throw error
      }
    }
}

/**
 * Calls the handler. The casts are safe, because the schemas of the route have validated the input.
 */
async function find(route: ItemRoute | ListRoute, context: ReadContext, input: RequestInput) {
  return route.kind === 'list'
    ? { page: await route.handler(context, input as never) }
    : { item: await route.handler(context, input as never) }
}

/** Whether the answer may be cached: it changes only with the generation and the day. */
function isCached({ volatile, method }: Route): boolean {
  return method === 'GET' && !volatile
}

function asAnswer({ body, headers }: { body: string; headers: Record<string, string> }): Answer {
  const bytes = new TextEncoder().encode(body)
  const always = { ...SECURITY_HEADERS, 'content-length': String(bytes.length) }
  return { body: bytes, headers: new Headers({ ...always, ...headers }) }
}

const SENT_WITH_304 = new Set(['etag', 'cache-control', 'vary'])

function give(request: Request, { body, headers }: Answer): Response {
  if (!isNotWanted(request, headers.get('etag'))) return new Response(body, { headers })
  return notModified([...headers].filter(([name]) => SENT_WITH_304.has(name)))
}
