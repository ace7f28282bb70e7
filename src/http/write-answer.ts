import type { TObject } from '@sinclair/typebox'
import type { Generation } from '../generation.ts'
import { israelIso } from '../israel-time.ts'
import { csvColumns, toCsv } from './csv.ts'
import type { MediaType } from './media-type.ts'
import type { Page } from './paging.ts'

/** What an answer is written for. */
export type Writer = {
  request: Request
  type: MediaType
  headers: Record<string, string>
  fields: readonly string[] | undefined
  meta: ReturnType<typeof metaOf>
}

/** A body that is whole, with its headers. */
export type Written = { body: string; headers: Record<string, string> }

const JSON_TYPE = 'application/json;charset=utf-8'

export async function writeOne(found: object, { headers, fields, meta }: Writer): Promise<Written> {
  return {
    body: JSON.stringify({ data: pick(found, fields), meta }),
    headers: { ...headers, 'content-type': JSON_TYPE },
  }
}

export async function writeList(
  page: Page<object>,
  { request, type, headers, fields, meta, shape }: Writer & { shape: TObject },
): Promise<Written> {
  const rows = page.rows.map((row) => pick(row, fields))
  if (type === 'application/json') {
    const body = JSON.stringify({ data: rows, meta, pagination: paginationOf(page) })
    return { body, headers: { ...headers, 'content-type': JSON_TYPE } }
  }
  const body =
    type === 'text/csv'
      ? await toCsv(rows, page.columns ?? csvColumns(shape, fields))
      : rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  const charset = type === 'text/csv' ? `${type}; charset=utf-8; header=present` : type
  return { body, headers: { ...headers, ...pagingHeaders(page, request.url), 'content-type': charset } }
}

/** What the envelope says besides the answer. */
export function metaOf({ number, lastObservedAt }: Generation, now: number) {
  const last_observed_at = lastObservedAt === null ? null : israelIso(lastObservedAt.getTime())
  return { timestamp: israelIso(now), version: 'v1', generation: number, last_observed_at }
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

function pick(row: object, fields: readonly string[] | undefined): object {
  return fields === undefined ? row : Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)))
}
