import type { Db, Sql } from '../../../src/db/connect.ts'
import { AppError, invalid, notFound } from '../../../src/http/contract/app-error.ts'
import { formatTimestamp } from '../../../src/http/contract/moment.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { all } from '../../../src/http/paging/conditions.ts'
import { type Page, readPage } from '../../../src/http/paging/paging.ts'
import { sources } from '../tables.ts'
import type { Source, SourceFields, SourcesQuery } from './source-schemas.ts'
import { readSourceUrl, SOURCE_URLS } from './source-url.ts'

type Row = typeof sources.$inferSelect

export async function listSources(
  context: ReadContext,
  query: SourcesQuery,
): Promise<Page<Source>> {
  const { db } = context
  const where = all(context, [
    query.kind !== undefined && db`s.kind = ${query.kind}`,
    query.enabled !== undefined && db`s.enabled = ${query.enabled}`,
  ])
  const page = await readPage<Row>(context, query, {
    name: 'sources',
    sorts: {
      id: { column: sources.id, alias: 's' },
      name: { column: sources.name, alias: 's' },
      created_at: { column: sources.created_at, alias: 's' },
      updated_at: { column: sources.updated_at, alias: 's' },
    },
    order: ['id'],
    unique: ['id'],
    total: async () =>
      Number((await db`select count(*) from ingestion.sources s where ${where}`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select s.*, ${keys} from ingestion.sources s where ${where} ${after} order by ${order} ${limit}`,
  })
  return { ...page, rows: page.rows.map(toSource) }
}

/** @throws AppError DATASET_NOT_FOUND */
export async function findSource(
  { db }: Pick<ReadContext, 'db'>,
  { id }: { id: number },
): Promise<Source> {
  const [row] = await db<Row[]>`select * from ingestion.sources where id = ${id}`
  if (row === undefined) throw notFound('DATASET_NOT_FOUND', `dataset ${id}`)
  return toSource(row)
}

/** Null if no dataset has that name. */
export async function findSourceByName(db: Db, name: string): Promise<Source | null> {
  const [row] = await db<Row[]>`select * from ingestion.sources where name = ${name}`
  return row === undefined ? null : toSource(row)
}

/** @throws AppError VALIDATION_ERROR for a URL of the wrong form, DATASET_EXISTS */
export async function createSource(sql: Sql, fields: SourceFields): Promise<Source> {
  assertUrl(fields)
  const { name, description = null, source_url, kind, enabled = true } = fields
  const rows = await named(
    name,
    sql<Row[]>`
    insert into ingestion.sources (name, description, source_url, kind, enabled)
    values (${name}, ${description}, ${source_url}, ${kind}, ${enabled}) returning *`,
  )
  return writtenSource(rows)
}

/** Sets the given fields of a source. @throws AppError as `createSource`, and DATASET_NOT_FOUND */
export async function changeSource(
  sql: Sql,
  id: number,
  fields: Partial<SourceFields>,
): Promise<Source> {
  return await sql.begin(async (tx) => {
    await tx`select from ingestion.sources where id = ${id} for update`
    const next = { ...(await findSource({ db: tx }, { id })), ...fields }
    assertUrl(next)
    const rows = await named(
      next.name,
      tx<Row[]>`
      update ingestion.sources set name = ${next.name}, description = ${next.description}, source_url = ${next.source_url},
        kind = ${next.kind}, enabled = ${next.enabled}, updated_at = now() where id = ${id} returning *`,
    )
    return writtenSource(rows)
  })
}

/** @throws AppError DATASET_NOT_FOUND */
export async function removeSource(sql: Sql, id: number): Promise<void> {
  const { count } = await sql`delete from ingestion.sources where id = ${id}`
  if (count === 0) throw notFound('DATASET_NOT_FOUND', `dataset ${id}`)
}

function assertUrl({ kind, source_url }: Pick<SourceFields, 'kind' | 'source_url'>): void {
  if (readSourceUrl(kind, source_url) !== undefined) return
  throw invalid({ field: 'source_url', message: `must be ${SOURCE_URLS[kind]}` })
}

async function named<T>(name: string, written: PromiseLike<T>): Promise<T> {
  try {
    return await written
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === '23505')
      throw new AppError('DATASET_EXISTS', `There is a dataset ${name} already`, { cause: error })
    throw error
  }
}

function writtenSource([row]: Row[]): Source {
  if (row === undefined) throw new Error('Cannot tell the dataset: nothing was written')
  return toSource(row)
}

function toSource(row: Row): Source {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    source_url: row.source_url,
    kind: row.kind,
    enabled: row.enabled,
    created_at: formatTimestamp(row.created_at),
    updated_at: formatTimestamp(row.updated_at),
  }
}
