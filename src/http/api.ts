import type { Static, TObject } from '@sinclair/typebox'
import type { Sql } from '../db/connect.ts'
import { datasetDay, type Generation, type GenerationWatch } from '../generation.ts'
import { israelIso } from '../israel-time.ts'
import { invalid } from './app-error.ts'
import { csvColumns, toCsv } from './csv.ts'
import type { Endpoint } from './endpoint.ts'
import { readInput } from './input.ts'
import { chooseMediaType, type MediaType } from './media-type.ts'
import type { Page } from './paging.ts'
import { createViewer, identity, type View } from './view.ts'

export type RequestContext = { request: Request; params: Record<string, string> }
type Input<P extends TObject, Q extends TObject> = Static<P> & Static<Q>

type Handler = (context: RequestContext) => Promise<Response>

/** Makes handlers that answer by the contract: input, snapshot, envelope, forms, conditional requests. */
export type Api = {
  one<P extends TObject, Q extends TObject, S extends TObject>(
    endpoint: Endpoint<P, Q, S>,
    read: (view: View, input: Input<P, Q>) => Promise<Static<S>>,
  ): Handler
  list<P extends TObject, Q extends TObject, S extends TObject>(
    endpoint: Endpoint<P, Q, S>,
    read: (view: View, input: Input<P, Q>) => Promise<Page<Static<S>>>,
  ): Handler
}

/** @param now the clock, in epoch milliseconds */
export function createApi({ sql, watch, now }: { sql: Sql; watch: GenerationWatch; now: () => number }): Api {
  const open = createViewer(sql, { saw: watch.saw, now })

  const answer = async <P extends TObject, Q extends TObject, T>(
    endpoint: Endpoint<P, Q>,
    { request, params }: RequestContext,
    work: { read: (view: View, input: Input<P, Q>) => Promise<T>; write: (answer: T, to: Writer) => Promise<Response> },
  ) => {
    const input = readInput(request, params, endpoint)
    const fields = chosenFields(endpoint, input)
    const type = endpoint.kind === 'list' ? chooseMediaType(request.headers.get('accept')) : 'application/json'
    const cached = (generation: Generation) =>
      cacheHeaders(endpoint, type, `${identity(generation)}-${datasetDay(generation, now())}`)
    const isKnown = ({ etag = '' }: Record<string, string>) => etag !== '' && sameAsKnown(request, etag)
    const current = watch.current()
    if (current !== null && isKnown(cached(current))) return notModified(cached(current))
    return open(async (view) => {
      const headers = cached(view.generation)
      if (isKnown(headers)) return () => Promise.resolve(notModified(headers))
      const found = await work.read(view, input)
      return () => work.write(found, { request, type, headers, fields, meta: metaOf(view.generation, now()) })
    }, endpoint).then((write) => write())
  }

  return {
    one: (endpoint, read) => {
      return ({ request, params }) => answer(endpoint, { request, params }, { read, write: writeOne })
    },
    list: (endpoint, read) => {
      const write = (page: Page<object>, to: Writer) => writeList(page, { ...to, shape: endpoint.shape })
      return ({ request, params }) => answer(endpoint, { request, params }, { read, write })
    },
  }
}

type Writer = {
  request: Request
  type: MediaType
  headers: Record<string, string>
  fields: readonly string[] | undefined
  meta: ReturnType<typeof metaOf>
}

async function writeOne(found: object, { headers, fields, meta }: Writer): Promise<Response> {
  return Response.json({ data: pick(found, fields), meta }, { headers })
}

async function writeList(
  page: Page<object>,
  { request, type, headers, fields, meta, shape }: Writer & { shape: TObject },
) {
  const rows = page.rows.map((row) => pick(row, fields))
  if (type === 'application/json')
    return Response.json({ data: rows, meta, pagination: paginationOf(page) }, { headers })
  const body =
    type === 'text/csv'
      ? await toCsv(rows, csvColumns(shape, fields))
      : rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  const charset = type === 'text/csv' ? `${type}; charset=utf-8; header=present` : type
  return new Response(body, { headers: { ...headers, ...pagingHeaders(page, request.url), 'content-type': charset } })
}

function paginationOf({ page, perPage, total, nextCursor }: Page<object>) {
  return { page, per_page: perPage, total, total_pages: Math.ceil(total / perPage), next_cursor: nextCursor }
}

/** What the envelope says in JSON, for the forms without one. */
function pagingHeaders({ total, nextCursor }: Page<object>, url: string): Record<string, string> {
  if (nextCursor === null) return { 'x-total-count': String(total) }
  const next = new URL(url)
  next.searchParams.delete('page')
  next.searchParams.set('cursor', nextCursor)
  return { 'x-total-count': String(total), link: `<${next.pathname}${next.search}>; rel="next"` }
}

function metaOf({ number, lastObservedAt }: Generation, now: number) {
  const last_observed_at = lastObservedAt === null ? null : israelIso(lastObservedAt.getTime())
  return { timestamp: israelIso(now), version: 'v1', generation: number, last_observed_at }
}

/** A weak tag: the same dataset on the same day in Israel answers the same, but for the timestamp. */
function cacheHeaders({ volatile, kind }: Endpoint, type: MediaType, state: string): Record<string, string> {
  const vary = kind === 'list' ? { vary: 'accept' } : {}
  if (volatile) return { ...vary, 'cache-control': 'no-store' }
  const etag = `W/"${state}-${type.replace(/^.*[/-]/, '')}"`
  return { ...vary, etag, 'cache-control': 'public, max-age=0, must-revalidate' }
}

function sameAsKnown(request: Request, etag: string): boolean {
  const known = request.headers.get('if-none-match')?.split(',') ?? []
  return known.some((tag) => tag.trim() === etag || `W/${tag.trim()}` === etag)
}

function notModified(headers: Record<string, string>): Response {
  return new Response(null, { status: 304, headers })
}

function chosenFields({ shape }: Endpoint, input: Record<string, unknown>): readonly string[] | undefined {
  const { fields } = input
  if (!Array.isArray(fields)) return undefined
  const unknown = fields.filter((field) => !Object.hasOwn(shape.properties, field))
  if (unknown.length === 0) return fields
  throw invalid({ field: 'fields', message: `must be among ${Object.keys(shape.properties).join(', ')}` })
}

function pick(row: object, fields: readonly string[] | undefined): object {
  return fields === undefined ? row : Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)))
}
