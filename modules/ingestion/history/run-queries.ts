import type { Db } from '../../../src/db/connect.ts'
import { notFound } from '../../../src/http/contract/app-error.ts'
import { formatTimestamp } from '../../../src/http/contract/moment.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { all } from '../../../src/http/paging/conditions.ts'
import { type Page, readPage } from '../../../src/http/paging/paging.ts'
import { datasets, rejects, runs } from '../tables.ts'
import type { Dataset, DatasetsQuery, Stats } from './dataset-schemas.ts'
import type { Reject, RejectsQuery, Run, RunsQuery, RunWithRejects } from './run-schemas.ts'

type Observed = { stores: number; products: number; current_prices: number }

/** The totals counted at publish, with the shares of fresh and stale stores. */
export async function readStats(context: ReadContext): Promise<Stats> {
  const { stats, lastObservedAt, staleBefore, publishedAt, number } = context.generation
  const { fresh, stale } = await context.cached('fresh and stale', () => countByAge(context))
  return {
    chains: stats.chains ?? 0,
    stores: stats.stores ?? 0,
    products: stats.products ?? 0,
    current_prices: stats.current_prices ?? 0,
    fresh,
    stale,
    price_spans: stats.price_spans ?? 0,
    current_promotions: stats.current_promotions ?? 0,
    rejects: stats.rejects ?? 0,
    last_observed_at: lastObservedAt && formatTimestamp(lastObservedAt),
    stale_before: staleBefore && formatTimestamp(staleBefore),
    generation: number,
    published_at: publishedAt && formatTimestamp(publishedAt),
  }
}

async function countByAge({ db, generation }: ReadContext) {
  const [row] = await db<(Observed & { all_stores: number; all_products: number; all: number })[]>`
    select s.*, p.* from (
      select count(*)::integer as all_stores, (count(*) filter (where ${generation.staleBefore}::timestamptz is null
        or last_observed_at >= ${generation.staleBefore}))::integer as stores
      from catalog.stores where last_observed_at is not null
    ) s, (
      select (count(*) filter (where store_count > 0))::integer as products,
        (count(*) filter (where all_store_count > 0))::integer as all_products,
        coalesce(sum(store_count), 0)::float8 as current_prices,
        coalesce(sum(all_store_count), 0)::float8 as all
      from catalog.products
    ) p`
  const { stores = 0, products = 0, current_prices = 0 } = row ?? {}
  return {
    fresh: { stores, products, current_prices },
    stale: {
      stores: (row?.all_stores ?? 0) - stores,
      products: (row?.all_products ?? 0) - products,
      current_prices: (row?.all ?? 0) - current_prices,
    },
  }
}

type DatasetRow = typeof datasets.$inferSelect

export async function listDatasets(
  context: ReadContext,
  query: DatasetsQuery,
): Promise<Page<Dataset>> {
  const { db } = context
  const where = query.status === undefined ? db`true` : db`d.status = ${query.status}`
  const page = await readPage<DatasetRow>(context, query, {
    name: 'datasets',
    sorts: {
      id: { column: datasets.id, alias: 'd' },
      version: { column: datasets.version, alias: 'd' },
      download_date: { column: datasets.download_date, alias: 'd' },
    },
    order: ['id:desc'],
    unique: ['id'],
    total: async () =>
      Number((await db`select count(*) from ingestion.datasets d where ${where}`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select d.id, d.dataset_id, d.version, d.download_date::text as download_date, d.total_files,
        d.total_records::float8 as total_records, d.manifest_path, d.status, d.created_at, d.completed_at, ${keys}
      from ingestion.datasets d where ${where} ${after} order by ${order} ${limit}`,
  })
  return { ...page, rows: page.rows.map(toDataset) }
}

function toDataset(row: DatasetRow): Dataset {
  return {
    id: row.id,
    dataset_id: row.dataset_id,
    version: row.version,
    download_date: row.download_date,
    total_files: row.total_files,
    total_records: row.total_records,
    manifest_path: row.manifest_path,
    status: row.status,
    created_at: formatTimestamp(row.created_at),
    completed_at: row.completed_at && formatTimestamp(row.completed_at),
  }
}

/** The newest run of each status. A running one is ordered by its start time. */
export async function lastRuns(
  db: Db,
): Promise<{ status: string; last_at: Date; newest: boolean; lists_ahead: number }[]> {
  return db`
    select distinct on (status) status, coalesce(finished_at, started_at) as last_at,
      id = (select max(id) from ingestion.runs) as newest,
      coalesce((select sum((version ->> 'lists_ahead')::int)::int
        from jsonb_path_query(summary, '$.versions[*]') version), 0) as lists_ahead
    from ingestion.runs order by status, id desc`
}

type RunRow = typeof runs.$inferSelect & { rejects: number }

export async function listRuns(context: ReadContext, query: RunsQuery): Promise<Page<Run>> {
  const { db } = context
  const where = query.status === undefined ? db`true` : db`r.status = ${query.status}`
  const page = await readPage<RunRow>(context, query, {
    name: 'runs',
    sorts: {
      id: { column: runs.id, alias: 'r' },
      started_at: { column: runs.started_at, alias: 'r' },
    },
    order: ['id:desc'],
    unique: ['id'],
    total: async () =>
      Number((await db`select count(*) from ingestion.runs r where ${where}`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select ${runColumns(context)}, ${keys} from ingestion.runs r where ${where} ${after} order by ${order} ${limit}`,
  })
  return { ...page, rows: page.rows.map(toRun) }
}

/** @throws AppError RUN_NOT_FOUND */
export async function findRun(
  context: ReadContext,
  { id }: { id: number },
): Promise<RunWithRejects> {
  const { db } = context
  const [row] = await db<
    RunRow[]
  >`select ${runColumns(context)} from ingestion.runs r where r.id = ${id}`
  if (row === undefined) throw notFound('RUN_NOT_FOUND', `run ${id}`)
  const byReason = await db<RunWithRejects['rejects_by_reason']>`
    select j.file_name, ${kindOfReason(context)} as reason, count(*)::int as rows from ingestion.rejects j
    where j.run_id = ${id} group by 1, 2 order by 3 desc, 1, 2`
  return { ...toRun(row), rejects_by_reason: [...byReason] }
}

/** A reason has the rejected text after a colon. */
function kindOfReason({ db }: ReadContext) {
  return db`split_part(j.reason, ': ', 1)`
}

function runColumns({ db }: ReadContext) {
  return db`r.id, r.status, r.trigger, r.started_at, r.finished_at, r.summary, r.error,
    (select count(*)::int from ingestion.rejects j where j.run_id = r.id) as rejects`
}

function toRun(row: RunRow): Run {
  return {
    id: row.id,
    status: row.status,
    trigger: row.trigger,
    started_at: formatTimestamp(row.started_at),
    finished_at: row.finished_at && formatTimestamp(row.finished_at),
    summary: row.summary,
    error: row.error,
    rejects: row.rejects,
  }
}

/** @throws AppError RUN_NOT_FOUND */
export async function listRejects(
  context: ReadContext,
  query: RejectsQuery,
): Promise<Page<Reject>> {
  const { db } = context
  const [run] = await db`select from ingestion.runs where id = ${query.id}`
  if (run === undefined) throw notFound('RUN_NOT_FOUND', `run ${query.id}`)
  const where = all(context, [
    db`j.run_id = ${query.id}`,
    query.reason !== undefined && db`${query.reason} in (j.reason, ${kindOfReason(context)})`,
    query.dataset !== undefined && db`j.dataset = ${query.dataset}`,
    query.file_name !== undefined && db`j.file_name = ${query.file_name}`,
  ])
  const page = await readPage<Reject>(context, query, {
    name: 'rejects',
    sorts: { id: { column: rejects.id, alias: 'j' } },
    order: ['id'],
    unique: ['id'],
    total: async () =>
      Number((await db`select count(*) from ingestion.rejects j where ${where}`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select j.id::float8 as id, j.run_id, j.dataset, j.file_name, j.line::float8 as line, j.reason, j.raw, ${keys}
      from ingestion.rejects j where ${where} ${after} order by ${order} ${limit}`,
  })
  return {
    ...page,
    rows: page.rows.map(({ run_id, dataset, file_name, line, reason, raw, ...row }) => {
      return { id: row.id, run_id, dataset, file_name, line, reason, raw }
    }),
  }
}
