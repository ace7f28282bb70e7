import type { PendingQuery } from 'postgres'
import type { Db } from '../../db/connect.ts'
import { invalid } from '../contract/app-error.ts'
import { PAGE_SIZES, type Page, type PageQuery } from '../contract/page.ts'
import type { ReadContext } from '../contract/read-context.ts'
import type { WithSortKeys } from '../contract/row-cursor.ts'
import { readCursor, refusedCursor, writeCursor } from './cursor.ts'
import { type OrderKey, orderKey, type SortKey, type Sql } from './sort-key.ts'

export type { Page, Sql }

/** The parts of a list query: `select …, ${keys} … where … ${after} order by ${order} ${limit}`. */
export type PageParts = { keys: Sql; after: Sql; order: Sql; limit: Sql }

export type PagedList<T> = {
  /** The name of the list. */
  name: string
  sorts: Record<string, SortKey>
  /** The default order, as `field:direction`. */
  order: readonly string[]
  /** The fields of `sorts` that are appended to every order to make it unique. */
  unique: readonly string[]
  total: () => Promise<number | null>
  rows: (parts: PageParts) => PendingQuery<(T & WithSortKeys)[]>
}

type Order = OrderKey[]

/** The maximum offset of a page, because skipped rows are read too. Cursors have no limit. */
const MAX_SKIPPED = 100_000

/**
 * Reads one page by number or by cursor. The total is exact and counted once per generation. In an
 * export (`context.walk`), it returns the next rows of the whole list.
 */
export async function readPage<T>(
  context: ReadContext,
  query: PageQuery,
  list: PagedList<T>,
): Promise<Page<T>> {
  const { names, order } = orderOf(context.db, query.sort ?? list.order, list)
  const filtered = JSON.stringify([list.name, filtersOf(query)])
  const scope = JSON.stringify([filtered, names])
  const perPage = query.per_page ?? PAGE_SIZES.defaultRows
  const start =
    query.cursor === undefined
      ? { page: query.page ?? 1, keys: null }
      : readCursor(query.cursor, scope)
  if (start.keys !== null && start.keys.length !== order.length) throw refusedCursor()
  const cursorAfter = (last: WithSortKeys) =>
    writeCursor({ page: start.page + 1, keys: last.keys }, scope)
  const read = (offset: number, limit: number | null) =>
    list.rows(partsOf(context.db, order, { keys: start.keys, offset, limit }))
  const refuse = (error: unknown) => {
    throw query.cursor !== undefined && isBadData(error) ? refusedCursor() : error
  }
  if (context.walk !== undefined) {
    const { rows, last } = await context.walk.next(read).catch(refuse)
    return {
      rows,
      page: start.page,
      perPage,
      total: null,
      nextCursor: last === undefined ? null : cursorAfter(last),
    }
  }
  const total = await context.cached(`total ${filtered}`, list.total)
  const offset = start.keys === null ? (start.page - 1) * perPage : 0
  if (total !== null && offset >= total)
    return { rows: [], page: start.page, perPage, total, nextCursor: null }
  if (offset > MAX_SKIPPED) {
    throw invalid({
      field: 'page',
      message: `must be among the first ${MAX_SKIPPED} rows; further on goes a cursor`,
    })
  }
  const rows = await read(offset, perPage + 1).catch(refuse)
  const last = rows.length > perPage ? rows[perPage - 1] : undefined
  const nextCursor = last === undefined ? null : cursorAfter(last)
  return { rows: rows.slice(0, perPage), page: start.page, perPage, total, nextCursor }
}

/** The filters of a query without paging, order and fields. Totals and cursors belong to them. */
export function filtersOf({
  page: _1,
  per_page: _2,
  cursor: _3,
  sort: _4,
  fields: _5,
  format: _6,
  bom: _7,
  ...filters
}: PageQuery & { fields?: unknown; format?: unknown; bom?: unknown }) {
  return Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1))
}

function orderOf(
  db: Db,
  requested: readonly string[],
  { sorts, unique }: Pick<PagedList<unknown>, 'sorts' | 'unique'>,
): { names: string[]; order: Order } {
  const names: string[] = []
  const order: Order = []
  for (const [name = '', direction] of [...requested, ...unique].map((text) => text.split(':'))) {
    const key = sorts[name]
    if (key === undefined || names.some((taken) => taken.startsWith(`${name}:`))) continue
    names.push(`${name}:${direction ?? 'asc'}`)
    order.push(orderKey(db, key, direction === 'desc'))
  }
  return { names, order }
}

function partsOf(
  db: Db,
  order: Order,
  { keys, offset, limit }: { keys: (string | null)[] | null; offset: number; limit: number | null },
): PageParts {
  const listed = (pieces: Sql[]) => pieces.reduce((left, right) => db`${left}, ${right}`)
  return {
    // JSON and not an array, because postgres.js reads nulls in arrays as the text NULL
    keys: db`json_build_array(${listed(order.map(({ by }) => db`(${by})::text`))}) as keys`,
    after: keys === null ? db`` : db`and ${afterKeys(db, order, keys)}`,
    order: listed(
      order.map(
        (key) =>
          db`${key.by}${key.descending ? db` desc` : db``}${key.nullable ? db` nulls last` : db``}`,
      ),
    ),
    limit: db`limit ${limit} offset ${offset}`,
  }
}

/**
 * The condition for rows after the keys: a row comparison when an index can use it, else (a > x or
 * (a = x and (b > y …))).
 */
function afterKeys(db: Db, order: Order, keys: (string | null)[]): Sql {
  const bound = order.map(({ type }, i) => db`${keys[i] ?? null}::text::${db.unsafe(type)}`)
  const first = order[0]
  if (
    first !== undefined &&
    order.every((key) => !key.nullable && key.descending === first.descending)
  ) {
    const left = order.map(({ by }) => by).reduce((a, b) => db`${a}, ${b}`)
    const right = bound.reduce((a, b) => db`${a}, ${b}`)
    return db`(${left}) ${first.descending ? db`<` : db`>`} (${right})`
  }
  return order.reduceRight<Sql>((rest, { by, descending, nullable }, i) => {
    const value = bound[i] ?? db`null`
    if (keys[i] === null) return db`(${by} is null and ${rest})`
    const beyond = db`(${by}) ${descending ? db`<` : db`>`} ${value}`
    return db`(${beyond}${nullable ? db` or ${by} is null` : db``} or ((${by}) = ${value} and ${rest}))`
  }, db`false`)
}

/**
 * Whether the error is SQLSTATE class 22 (data exception). Here only a forged cursor can cause it.
 */
function isBadData(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('22')
}
