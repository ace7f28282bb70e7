import { Buffer } from 'node:buffer'
import type { TObject } from '@sinclair/typebox'
import { type Generation, isSample } from '../../db/generation.ts'
import { israelIso } from '../../israel-time.ts'
import type { Page } from '../contract/page.ts'
import { pagingHeaders } from '../paging/paging-headers.ts'
import { csvColumns } from './csv.ts'
import type { MediaType } from './media-type.ts'
import { fileHeaders, rowWriter } from './row-writer.ts'

/** The request and options for writing an answer. */
export type Writer = {
  request: Request
  type: MediaType
  headers: Record<string, string>
  fields: readonly string[] | undefined
  bom: boolean
  meta: ReturnType<typeof metaOf>
}

/** A complete body with its headers. */
export type Written = { body: string; headers: Record<string, string> }

const JSON_TYPE = 'application/json;charset=utf-8'

export async function writeItem(
  found: object,
  { headers, fields, meta }: Writer,
): Promise<Written> {
  return {
    body: JSON.stringify({ data: pick(found, fields), meta }),
    headers: { ...headers, 'content-type': JSON_TYPE },
  }
}

export async function writeList(
  page: Page<object>,
  {
    request,
    type,
    headers,
    fields,
    bom,
    meta,
    responseSchema,
  }: Writer & { responseSchema: TObject },
): Promise<Written> {
  const rows = page.rows.map((row) => pick(row, fields))
  const paging = pagingHeaders(page, request.url)
  if (type === 'application/json') {
    const { hint } = page
    const metaWithHint = hint === undefined ? meta : { ...meta, hint }
    const body = JSON.stringify({ data: rows, meta: metaWithHint, pagination: paginationOf(page) })
    return { body, headers: { ...headers, ...paging, 'content-type': JSON_TYPE } }
  }
  const writer = rowWriter(type, page.columns ?? csvColumns(responseSchema, fields), { bom })
  const body = Buffer.concat([await writer.write(rows), await writer.end()]).toString()
  return { body, headers: { ...headers, ...paging, ...fileHeaders(type, request.url) } }
}

/** The `meta` object of an answer. */
export function metaOf(generation: Generation, now: number) {
  const { number, lastObservedAt } = generation
  const last_observed_at = lastObservedAt === null ? null : israelIso(lastObservedAt.getTime())
  return {
    timestamp: israelIso(now),
    version: 'v1',
    generation: number,
    last_observed_at,
    ...(isSample(generation) ? { sample: true } : {}),
  }
}

/** The header that marks answers and exports of the generated sample. */
export function sampleHeader(generation: Generation): Record<string, string> {
  return isSample(generation) ? { 'x-sample-data': 'true' } : {}
}

function paginationOf({ page, perPage, total, nextCursor }: Page<object>) {
  return {
    page,
    per_page: perPage,
    total,
    total_pages: total === null ? null : Math.ceil(total / perPage),
    has_more: nextCursor !== null || (total !== null && page * perPage < total),
    next_cursor: nextCursor,
  }
}

/** Returns a row with only the chosen fields. */
export function pick(row: object, fields: readonly string[] | undefined): object {
  return fields === undefined
    ? row
    : Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)))
}
