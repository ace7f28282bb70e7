import { PAGE_SIZES, type Page, type PageQuery } from '../contract/page.ts'
import type { ReadContext } from '../contract/read-context.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { filtersOf } from './paging.ts'

type RowList<T> = {
  /** Names the list. */
  name: string
  rows: readonly T[]
  /** The rows are in rising order of it, and no two share one. */
  key: (row: T) => string
}

/** A page of rows that are all in memory, or of an export all of them; `sort` may reverse their order. */
export function pageRows<T>(
  context: ReadContext,
  query: PageQuery,
  { name, rows, key }: RowList<T>,
): Page<T> {
  const descending = query.sort?.[0]?.endsWith(':desc') === true
  const ordered = descending ? rows.toReversed() : rows
  const perPage = query.per_page ?? PAGE_SIZES.defaultRows
  const size = context.walk === undefined ? perPage : (context.walk.maxRows ?? rows.length)
  const scope = JSON.stringify([name, filtersOf(query), descending])
  const start =
    query.cursor === undefined
      ? { page: query.page ?? 1, keys: null }
      : readCursor(query.cursor, scope)
  const last = start.keys?.[0] ?? ''
  const isAfter = (row: T) => (descending ? key(row) < last : key(row) > last)
  const left =
    start.keys === null ? ordered.slice((start.page - 1) * perPage) : ordered.filter(isAfter)
  const end = left.length > size ? left[size - 1] : undefined
  return {
    rows: left.slice(0, size),
    page: start.page,
    perPage,
    total: rows.length,
    nextCursor:
      end === undefined ? null : writeCursor({ page: start.page + 1, keys: [key(end)] }, scope),
  }
}
