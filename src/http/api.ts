import type { Static, TObject, TSchema } from '@sinclair/typebox'
import type { Answer } from '../cache/answer.ts'
import type { AnswerCache } from '../cache/answer-cache.ts'
import type { Sql } from '../db/connect.ts'
import type { Generation, GenerationWatch } from '../db/generation.ts'
import type { Logger } from '../log.ts'
import { SECURITY_HEADERS } from './answer/answer-headers.ts'
import { cacheHeaders, createState, isKnown, notModified } from './answer/conditional.ts'
import { chooseMediaType } from './answer/media-type.ts'
import { metaOf, type Writer, type Written, writeList, writeOne } from './answer/write-answer.ts'
import { type Audit, audited } from './audited.ts'
import { type ConcurrencyLimit, within } from './concurrency-limit.ts'
import type { Caller } from './contract/caller.ts'
import type { Admit, Endpoint, Input, RequestContext } from './contract/endpoint.ts'
import { createReader, type ReadContext } from './contract/read-context.ts'
import { inputOf } from './contract/request-input.ts'
import { createListExport, isExport } from './export/export-list.ts'
import type { Page } from './paging/paging.ts'

/** For work that starts more work. */
const MOST_MS_OF_ACTS = 120_000

/** What an act came to; of a 204 there is nothing to say. */
export type CommandResult<T> = {
  data?: T
  /** Where what was made is found. */
  location?: string
}

/** It takes from the context what it needs by name: of a context that is passed on whole, Elysia parses the body first. */
type Handler = (context: RequestContext) => Promise<Response>

/** Makes handlers that answer by the contract: admission, input, snapshot, envelope, forms, conditional requests. */
export type Api = {
  one<P extends TObject, Q extends TObject, S extends TObject, B extends TSchema>(
    endpoint: Endpoint<P, Q, S, B>,
    read: (view: ReadContext, input: Input<P, Q, B>) => Promise<Static<S>>,
  ): Handler
  list<P extends TObject, Q extends TObject, S extends TObject, B extends TSchema>(
    endpoint: Endpoint<P, Q, S, B>,
    read: (view: ReadContext, input: Input<P, Q, B>) => Promise<Page<Static<S>>>,
  ): Handler
  act<P extends TObject, Q extends TObject, S extends TObject, B extends TSchema>(
    endpoint: Endpoint<P, Q, S, B>,
    work: (
      by: { sql: Sql; caller: Caller },
      input: Input<P, Q, B>,
    ) => Promise<CommandResult<Static<S>>>,
  ): Handler
}

/**
 * @param now the clock, in epoch milliseconds
 * @param places for what uses the database at once
 */
export function createApi({
  sql,
  watch,
  now,
  admit,
  audit,
  places,
  mostMs,
  cache = null,
  log,
  exports,
}: {
  sql: Sql
  watch: GenerationWatch
  now: () => number
  admit: Admit
  audit: Audit
  places: ConcurrencyLimit
  /** For all statements of a read: more than any of them may take, each having a time of its own. */
  mostMs: number
  cache?: AnswerCache | null
  log: Logger
  exports: { places: ConcurrencyLimit; mostMs: number; rowsAnonymous: number }
}): Api {
  const open = createReader(sql, { watch, now })
  const stateOf = createState(now)
  const exportList = createListExport({
    ...{ open, watch, stateOf, admit, log },
    ...{ mostMs: exports.mostMs, rowsAnonymous: exports.rowsAnonymous },
    places: { database: places, exports: exports.places },
  })

  const answer = async <P extends TObject, Q extends TObject, B extends TSchema, T>(
    endpoint: Endpoint<P, Q, TObject, B>,
    context: RequestContext,
    work: {
      read: (view: ReadContext, input: Input<P, Q, B>) => Promise<T>
      write: (answer: T, to: Writer) => Promise<Written>
    },
  ) => {
    await admit(context, endpoint)
    const { request } = context
    const type =
      endpoint.kind === 'list' ? chooseMediaType(request.headers.get('accept')) : 'application/json'
    const keyOf = (generation: Generation) =>
      `${stateOf(generation)} ${type} ${placeOf(request.url)}`
    const headersOf = (generation: Generation) => cacheHeaders(endpoint, type, stateOf(generation))
    const current = watch.current()
    const kept = isCached(endpoint) && current !== null ? cache?.get(keyOf(current)) : undefined
    if (kept !== undefined) return give(request, kept)
    const input = await inputOf(context, endpoint)
    if (current !== null && isKnown(request, headersOf(current).etag))
      return notModified(headersOf(current))

    const make = async () => {
      const read = async (view: ReadContext) => ({
        found: await work.read(view, input),
        generation: view.generation,
      })
      const { volatile, inTransaction } = endpoint
      const opened = open(read, {
        volatile,
        inTransaction,
        withSlot: (work) => places.take(work, mostMs),
      })
      const { found, generation } = await within(2 * mostMs, opened)
      const { fields } = input as { fields?: readonly string[] }
      const headers = headersOf(generation)
      const meta = metaOf(generation, now())
      const written = await work.write(found, { request, type, headers, fields, meta })
      return { key: keyOf(generation), answer: asAnswer(written) }
    }
    if (cache === null || current === null || !isCached(endpoint))
      return give(request, (await make()).answer)
    return give(request, await cache.getOrMake(keyOf(current), make))
  }

  const handler = (
    endpoint: Endpoint,
    answer: (context: RequestContext) => Promise<Response>,
  ): Handler => {
    return ({ request, params, set, route }) => {
      // Elysia gives none to a path without parameters
      const context = { request, params: params ?? {}, set, route }
      return audited(context, endpoint, { audit, answer: () => answer(context) })
    }
  }

  return {
    one: (endpoint, read) => {
      return handler(endpoint, (context) => answer(endpoint, context, { read, write: writeOne }))
    },
    list: (endpoint, read) => {
      const write = (page: Page<object>, to: Writer) =>
        writeList(page, { ...to, shape: endpoint.shape })
      return handler(endpoint, (context) => {
        if (isExport(context.request)) return exportList(endpoint, context, read)
        return answer(endpoint, context, { read, write })
      })
    },
    act: (endpoint, work) => {
      return handler(endpoint, async (context) => {
        const caller = await admit(context, endpoint)
        const input = await inputOf(context, endpoint)
        const { data, location } = await places.take(
          () => work({ sql, caller }, input),
          MOST_MS_OF_ACTS,
        )
        const headers = {
          'cache-control': 'no-store',
          ...(location === undefined ? {} : { location }),
        }
        if (endpoint.status === 204) return new Response(null, { status: 204, headers })
        return Response.json({ data }, { status: endpoint.status, headers })
      })
    },
  }
}

/** What changes with the generation alone; who may call it is checked before. */
function isCached({ volatile, method }: Endpoint): boolean {
  return method === 'GET' && !volatile
}

/** Path and query, as they were sent. */
function placeOf(url: string): string {
  return url.slice(url.indexOf('/', url.indexOf('//') + 2))
}

function asAnswer({ body, headers }: Written): Answer {
  const bytes = new TextEncoder().encode(body)
  const always = { ...SECURITY_HEADERS, 'content-length': String(bytes.length) }
  return { body: bytes, headers: new Headers({ ...always, ...headers }) }
}

const TOLD_AGAIN = new Set(['etag', 'cache-control', 'vary'])

function give(request: Request, { body, headers }: Answer): Response {
  if (!isKnown(request, headers.get('etag'))) return new Response(body, { headers })
  return notModified([...headers].filter(([name]) => TOLD_AGAIN.has(name)))
}
