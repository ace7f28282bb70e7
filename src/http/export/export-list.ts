import type { Generation, GenerationWatch } from '../../db/generation.ts'
import { compressStream } from '../answer/compress.ts'
import { cacheHeaders, isKnown, notModified } from '../answer/conditional.ts'
import { csvColumns } from '../answer/csv.ts'
import { chooseMediaType } from '../answer/media-type.ts'
import { contentType, rowWriter } from '../answer/row-writer.ts'
import { pick } from '../answer/write-answer.ts'
import type { Admit } from '../contract/caller.ts'
import { inputOf, type RequestContext } from '../contract/request-input.ts'
import type { ListRoute } from '../contract/route.ts'
import { pagingHeaders } from '../paging/paging-headers.ts'
import { createExports, type ExportOptions } from './export.ts'

/** How many plain reads an export is counted as. */
const COST = 20

type Options = ExportOptions & {
  watch: GenerationWatch
  /** Names a generation on this day, for tags. */
  stateOf: (generation: Generation) => string
  admit: Admit
  /** For callers without a key. */
  rowsAnonymous: number
}

/** Is a list asked for as a whole: in a form without an envelope, and no page of it? */
export function isExport({ url, headers }: Request): boolean {
  if (chooseMediaType(headers.get('accept')) === 'application/json') return false
  const { searchParams } = new URL(url)
  return !searchParams.has('page') && !searchParams.has('per_page')
}

/** Answers whole lists. Who has no key gets so many rows (`X-Row-Limit`), and a link to where to go on after them. */
export function createListExport({ watch, stateOf, admit, rowsAnonymous, ...options }: Options) {
  const begin = createExports(options)
  return async (route: ListRoute, context: RequestContext): Promise<Response> => {
    const { request } = context
    const { keyId } = await admit(context, { ...route, cost: COST * route.cost })
    const input = await inputOf(context, route)
    const { fields } = input
    const type = chooseMediaType(request.headers.get('accept'))
    const most = keyId === null ? rowsAnonymous : null
    const cached = (generation: Generation) =>
      cacheHeaders(route, type, `${stateOf(generation)}-${most ?? 'all'}`)
    const current = watch.current()
    const told: Record<string, string> = {
      'content-type': contentType(type),
      ...(most === null ? {} : { 'x-row-limit': String(most) }),
    }
    if (current !== null && isKnown(request, cached(current).etag))
      return notModified(cached(current))
    if (request.method === 'HEAD')
      return new Response(null, { headers: { ...(current && cached(current)), ...told } })
    const { view, nextCursor, body } = await begin(
      async (view) => {
        const page = await route.handler(view, input as never)
        return fields === undefined
          ? page
          : { ...page, rows: page.rows.map((row) => pick(row, fields)) }
      },
      {
        writerOf: ({ columns }) =>
          rowWriter(type, columns ?? csvColumns(route.responseSchema, fields)),
        most,
        volatile: route.volatile,
      },
    )
    const paging = pagingHeaders({ page: 1, total: null, nextCursor }, request.url)
    const headers = { ...cached(view.generation), ...told, ...paging }
    return compressStream(request, new Response(body, { headers }))
  }
}
