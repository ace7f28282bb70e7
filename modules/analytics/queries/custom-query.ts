import { AppError, type FieldProblem, invalid } from '../../../src/http/contract/app-error.ts'
import { shekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import type { Page, Sql } from '../../../src/http/paging/paging.ts'
import { israelDate, israelDayStart } from '../../../src/israel-time.ts'
import { findStaleStoreIds, findStoreIds } from '../../catalog/index.ts'
import { selectProducts } from '../sellers/select-products.ts'
import { type CustomQuery, DIMENSIONS, type Dimension } from './custom-query-schemas.ts'
import { buildCustomQuery, type Scope } from './custom-query-sql.ts'

/** The most a custom query may cost (planner units), and how long it may run. */
export type CustomLimits = { cost: number; seconds: number }

type Cell = string | number | null
type Row = Record<string, Cell> & { total: number }

const MAX_DAYS = 731

/**
 * Runs a custom query in the context's read-only transaction, as a read-only role if one is
 * available (docs/adr/0032).
 *
 * @throws AppError VALIDATION_ERROR naming the place in the body, QUERY_TOO_EXPENSIVE
 */
export async function answerCustomQuery(
  context: ReadContext,
  query: CustomQuery,
  limits: CustomLimits,
): Promise<CustomPage> {
  const { db } = context
  const problems = validateParts(query)
  if (problems.length > 0) throw invalid(...problems)
  const scope = await resolveScope(context, query)
  await db`select set_config('statement_timeout', ${String(limits.seconds * 1000)}, true),
    case when pg_has_role('pg_read_all_data', 'SET') then set_config('role', 'pg_read_all_data', true) end`
  const estimate = await estimateCost(context, buildCustomQuery(context, query, scope))
  if (estimate > limits.cost) {
    const times = (estimate / limits.cost).toFixed(1)
    const message = `This query costs ${times} times the limit: ask for fewer days, stores or products`
    throw new AppError('QUERY_TOO_EXPENSIVE', message)
  }
  const rows = await db<Row[]>`${buildCustomQuery(context, query, scope)}`
  const names = await readNames(context, query, rows)
  const [columns, valueRows] = toRows(query, rows, names)
  const { limit: perPage = 100, page = 1 } = query
  const isPastEnd = rows.length === 0 && page > 1
  const [first] = isPastEnd
    ? await db<Row[]>`${buildCustomQuery(context, { ...query, page: 1, limit: 1 }, scope)}`
    : rows
  return { rows: valueRows, columns, page, perPage, total: first?.total ?? 0, nextCursor: null }
}

type CustomPage = Page<Record<string, Cell>> & { columns: string[] }

/** Checks what the schema cannot express: references between parts of the query. */
function validateParts({
  measures,
  dimensions = [],
  having = [],
  sort = [],
}: CustomQuery): FieldProblem[] {
  const problems: FieldProblem[] = []
  const taken = new Set<string>(dimensions.flatMap((dimension) => dimensionColumns(dimension)))
  for (const [i, dimension] of dimensions.entries()) {
    if (dimensions.indexOf(dimension) < i)
      problems.push({ field: `dimensions[${i}]`, message: 'is given twice' })
  }
  for (const [i, { as, function: of, field, percentile }] of measures.entries()) {
    if (taken.has(as) || DIMENSIONS.some((name) => name === as)) {
      problems.push({
        field: `measures[${i}].as`,
        message: `must differ from other columns and dimensions: ${as} is taken`,
      })
    }
    taken.add(as)
    if (of !== 'count' && field !== 'price' && field !== 'unit_price') {
      problems.push({
        field: `measures[${i}].field`,
        message: `must be price or unit_price: ${field} can only be counted`,
      })
    }
    if ((of === 'percentile') !== (percentile !== undefined)) {
      const message = of === 'percentile' ? 'is required' : 'is for the function percentile only'
      problems.push({ field: `measures[${i}].percentile`, message })
    }
  }
  const aggregate = measures.map(({ as }) => as)
  const known: string[] = [...aggregate, ...dimensions]
  for (const [i, { column }] of having.entries()) {
    if (!aggregate.includes(column)) {
      problems.push({
        field: `having[${i}].column`,
        message: `must be one of the measures: ${aggregate.join(', ')}`,
      })
    }
  }
  for (const [i, { column }] of sort.entries()) {
    if (!known.includes(column)) {
      problems.push({ field: `sort[${i}].column`, message: `must be one of ${known.join(', ')}` })
    }
  }
  return problems
}

async function resolveScope(
  context: ReadContext,
  { from, to, filters = {}, include_stale }: CustomQuery,
): Promise<Scope> {
  const last = to ?? israelDate(context.generation.lastObservedAt?.getTime() ?? 0)
  const end = israelDayStart(last, 1)
  const first = from ?? new Date(Date.parse(last) - 29 * 86_400_000).toISOString().slice(0, 10)
  const begin = israelDayStart(first)
  if (begin >= end) throw invalid({ field: 'from', message: 'must not be after to' })
  if (end.getTime() - begin.getTime() > MAX_DAYS * 86_400_000) {
    throw invalid({ field: 'from', message: `must be at most ${MAX_DAYS - 1} days before to` })
  }
  const known = await findStoreIds(context, { observedSince: new Date(0) })
  const stale = new Set(include_stale ? [] : await findStaleStoreIds(context))
  const among = [
    filters.store,
    await union(filters.chain, (chain_id) => findStoreIds(context, { chain_id })),
    await union(filters.city, (city) => findStoreIds(context, { city })),
  ].map((ids) => (ids === undefined ? undefined : new Set(ids)))
  const stores = (known ?? []).filter(
    (id) => !stale.has(id) && among.every((ids) => ids === undefined || ids.has(id)),
  )
  const { product, barcode } = filters
  const products = await selectProducts(context, {
    ...(product && { product_id: product }),
    ...(barcode && { barcode }),
  })
  return { begin, end, stores, products }
}

async function union(
  texts: readonly string[] | undefined,
  find: (text: string) => Promise<number[] | undefined>,
): Promise<number[] | undefined> {
  if (texts === undefined) return undefined
  return (await Promise.all(texts.map(find))).flatMap((ids) => ids ?? [])
}

/** The planner's cost estimate for a statement. */
async function estimateCost({ db }: ReadContext, statement: Sql): Promise<number> {
  const [row] = await db<
    { 'QUERY PLAN': { Plan: { 'Total Cost': number } }[] }[]
  >`explain (format json) ${statement}`
  const cost = row?.['QUERY PLAN'][0]?.Plan['Total Cost']
  if (cost === undefined) throw new Error('Cannot estimate a query: its plan has no cost')
  return cost
}

/** The columns of a dimension; named ones have an id column first. */
function dimensionColumns(dimension: Dimension): string[] {
  return isNamed(dimension) ? [`${dimension}_id`, dimension] : [dimension]
}

function isNamed(dimension: Dimension): dimension is 'chain' | 'store' | 'product' {
  return dimension === 'chain' || dimension === 'store' || dimension === 'product'
}

type Names = Map<Dimension, Map<Cell, string | null>>

async function readNames(
  { db }: ReadContext,
  { dimensions = [] }: CustomQuery,
  rows: readonly Row[],
): Promise<Names> {
  const names: Names = new Map()
  for (const [i, dimension] of dimensions.entries()) {
    if (!isNamed(dimension)) continue
    const ids = [...new Set(rows.map((row) => String(row[`k${i}`])))]
    const found = await db<{ id: Cell; name: string | null }[]>`
      select id, name from ${db(`catalog.${dimension}s`)} where id::text = any(${ids})`
    names.set(dimension, new Map(found.map(({ id, name }) => [id, name])))
  }
  return names
}

function toRows(
  query: CustomQuery,
  rows: readonly Row[],
  names: Names,
): [string[], Record<string, Cell>[]] {
  const { measures, dimensions = [] } = query
  const valueRows = rows.map((row) => {
    const keys = dimensions.flatMap((dimension, i): [string, Cell][] => {
      const key = row[`k${i}`] ?? null
      return isNamed(dimension)
        ? [
            [`${dimension}_id`, key],
            [dimension, names.get(dimension)?.get(key) ?? null],
          ]
        : [[dimension, key]]
    })
    const values = measures.map(({ as, function: of }, i): [string, Cell] => {
      const value = row[`m${i}`] ?? null
      return [as, typeof value === 'number' && of !== 'count' ? shekels(value) : value]
    })
    return Object.fromEntries([...keys, ...values])
  })
  return [[...dimensions.flatMap(dimensionColumns), ...measures.map(({ as }) => as)], valueRows]
}
