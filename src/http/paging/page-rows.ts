import { PAGE_SIZES, type PageQuery } from '../contract/page.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { filtersOf, type Page } from './paging.ts'

/**
 * A page of rows that are all there, in rising order of their unique `key`; `sort` may turn that around.
 *
 * @param name names the list
 */
export function pageRows<T>(
  query: PageQuery,
  rows: readonly T[],
  { name, key }: { name: string; key: (row: T) => string },
): Page<T> {
  const descending = query.sort?.[0]?.endsWith(':desc') === true
  const ordered = descending ? rows.toReversed() : rows
  const perPage = query.per_page ?? PAGE_SIZES.defaultRows
  const scope = JSON.stringify([name, filtersOf(query), descending])
  const start =
    query.cursor === undefined
      ? { page: query.page ?? 1, keys: null }
      : readCursor(query.cursor, scope)
  const last = start.keys?.[0] ?? ''
  const isAfter = (row: T) => (descending ? key(row) < last : key(row) > last)
  const left =
    start.keys === null ? ordered.slice((start.page - 1) * perPage) : ordered.filter(isAfter)
  const end = left.length > perPage ? left[perPage - 1] : undefined
  return {
    rows: left.slice(0, perPage),
    page: start.page,
    perPage,
    total: rows.length,
    nextCursor:
      end === undefined ? null : writeCursor({ page: start.page + 1, keys: [key(end)] }, scope),
  }
}
