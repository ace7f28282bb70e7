import type { Generation, GenerationWatch } from '../../db/generation.ts'
import { compressStream } from '../answer/compress.ts'
import { cacheHeaders, isHeld, isNotWanted, notModified } from '../answer/conditional.ts'
import { csvColumns } from '../answer/csv.ts'
import { listMediaType } from '../answer/media-type.ts'
import { fileHeaders, rowWriter } from '../answer/row-writer.ts'
import { pick, sampleHeader } from '../answer/write-answer.ts'
import type { Admit } from '../contract/caller.ts'
import { inputOf, type RequestContext } from '../contract/request-input.ts'
import type { ListRoute } from '../contract/route.ts'
import { pagingHeaders } from '../paging/paging-headers.ts'
import { createExports, type ExportOptions } from './export.ts'

/** The cost of an export in plain reads. */
const COST = 20

type Options = ExportOptions & {
  watch: GenerationWatch
  /** Identifies a generation and the current day, for ETags. */
  stateOf: (generation: Generation) => string
  admit: Admit
  /** The maximum number of rows for callers without a key. */
  rowsAnonymous: number
}

/** Whether a request asks for a whole list: in CSV or NDJSON and without paging. */
export function isExport(request: Request): boolean {
  if (listMediaType(request) === 'application/json') return false
  const { searchParams } = new URL(request.url)
  return !searchParams.has('page') && !searchParams.has('per_page')
}

/** Whether a response is a streamed export. */
export function isExported({ headers }: Response): boolean {
  return headers.has('content-disposition') && !headers.has('content-length')
}

/**
 * Answers requests for whole lists. Callers without a key get limited rows (`X-Row-Limit`) and a
 * link to continue.
 */
export function createListExport({ watch, stateOf, admit, rowsAnonymous, ...options }: Options) {
  const begin = createExports(options)
  return async (route: ListRoute, context: RequestContext): Promise<Response> => {
    const { request } = context
    const { keyId } = await admit(context, { ...route, cost: COST * route.cost })
    const input = await inputOf(context, route)
    const { fields } = input
    const type = listMediaType(request)
    const maxRows = keyId === null ? rowsAnonymous : null
    const cached = (generation: Generation) =>
      cacheHeaders(route, {
        ...{ type, url: request.url },
        state: `${stateOf(generation)}-${maxRows ?? 'all'}`,
      })
    const current = watch.current()
    const fileOf: Record<string, string> = {
      ...fileHeaders(type, request.url),
      ...(maxRows === null ? {} : { 'x-row-limit': String(maxRows) }),
    }
    if (current !== null && isHeld(request, cached(current).etag))
      return notModified(cached(current))
    if (request.method === 'HEAD')
      return new Response(null, { headers: { ...(current && cached(current)), ...fileOf } })
    const { view, nextCursor, body } = await begin(
      async (view) => {
        const page = await route.handler(view, input as never)
        return fields === undefined
          ? page
          : { ...page, rows: page.rows.map((row) => pick(row, fields)) }
      },
      {
        writerOf: ({ columns }) =>
          rowWriter(type, columns ?? csvColumns(route.responseSchema, fields), {
            bom: input.bom === true,
          }),
        ...{ name: route.operationId, maxRows, volatile: route.volatile },
      },
    )
    const paging = pagingHeaders({ page: 1, total: null, nextCursor }, request.url)
    const headers = {
      ...cached(view.generation),
      ...sampleHeader(view.generation),
      ...fileOf,
      ...paging,
    }
    if (isNotWanted(request, headers.etag)) {
      await body.cancel()
      return notModified(cached(view.generation))
    }
    return compressStream(request, new Response(body, { headers }))
  }
}
