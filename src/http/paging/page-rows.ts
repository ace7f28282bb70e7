import { PAGE_SIZES, type Page, type PageQuery } from '../contract/page.ts'
import type { ReadContext } from '../contract/read-context.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { filtersOf } from './paging.ts'

type RowList<T> = {
  /** The name of the list. */
  name: string
  rows: readonly T[]
  /** A unique key; the rows are in ascending order of it. */
  key: (row: T) => string
}

/**
 * Returns a page of rows that are all in memory, or all rows for an export. `sort` may reverse the
 * order.
 */
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
  const remaining =
    start.keys === null ? ordered.slice((start.page - 1) * perPage) : ordered.filter(isAfter)
  const end = remaining.length > size ? remaining[size - 1] : undefined
  return {
    rows: remaining.slice(0, size),
    page: start.page,
    perPage,
    total: rows.length,
    nextCursor:
      end === undefined ? null : writeCursor({ page: start.page + 1, keys: [key(end)] }, scope),
  }
}
