import type { Static } from '@sinclair/typebox'
import { notFound } from '../http/contract/app-error.ts'
import { formatTimestamp, readMoment } from '../http/contract/moment.ts'
import type { ReadContext } from '../http/contract/read-context.ts'
import { all } from '../http/paging/conditions.ts'
import { type Page, readPage } from '../http/paging/paging.ts'
import { type KeyRow, keyColumns } from './keys.ts'
import type { auditList, keyList } from './schemas.ts'
import type { AuditRow, Key } from './shapes.ts'
import type { audit } from './tables.ts'

export async function listKeys(
  context: ReadContext,
  query: Static<typeof keyList.query>,
): Promise<Page<Key>> {
  const { db } = context
  const where = all(context, [
    query.role !== undefined && db`role = ${query.role}`,
    query.include_revoked !== true && db`revoked_at is null`,
  ])
  const page = await readPage<KeyRow>(context, query, {
    name: 'keys',
    sorts: {
      id: { by: db`id`, type: 'text' },
      created_at: { by: db`created_at`, type: 'timestamptz' },
      name: { by: db`name`, type: 'text' },
      last_used_at: { by: db`last_used_at`, type: 'timestamptz', nullable: true },
    },
    order: ['created_at:desc'],
    unique: ['id'],
    total: async () => Number((await db`select count(*) from auth.keys where ${where}`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select ${keyColumns(db)}, ${keys} from auth.keys where ${where} ${after} order by ${order} ${limit}`,
  })
  return { ...page, rows: page.rows.map(toKey) }
}

/** @throws AppError KEY_NOT_FOUND, for one that was revoked too */
export async function findKey({ db }: ReadContext, { id }: { id: string }): Promise<Key> {
  const [row] = await db<
    KeyRow[]
  >`select ${keyColumns(db)} from auth.keys where id = ${id} and revoked_at is null`
  if (row === undefined) throw keyNotFound(id)
  return toKey(row)
}

export function keyNotFound(id: string): Error {
  return notFound('KEY_NOT_FOUND', `API key ${id}`)
}

export function toKey(row: KeyRow): Key {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    created_at: formatTimestamp(row.created_at),
    expires_at: row.expires_at && formatTimestamp(row.expires_at),
    last_used_at: row.last_used_at && formatTimestamp(row.last_used_at),
    revoked_at: row.revoked_at && formatTimestamp(row.revoked_at),
  }
}

type AuditTableRow = typeof audit.$inferSelect & { key_name: string | null }

export async function listAudit(
  context: ReadContext,
  query: Static<typeof auditList.query>,
): Promise<Page<AuditRow>> {
  const { db } = context
  const { key_id, address, status, from, to } = query
  const where = all(context, [
    key_id !== undefined && db`a.key_id = ${key_id}`,
    address !== undefined && db`a.address = ${address}`,
    status !== undefined && db`a.status = ${status}`,
    from !== undefined && db`a.at >= ${readMoment('from', from, 'start')}`,
    to !== undefined && db`a.at < ${readMoment('to', to, 'end')}`,
  ])
  const page = await readPage<AuditTableRow>(context, query, {
    name: 'audit',
    sorts: { at: { by: db`a.at`, type: 'timestamptz' }, id: { by: db`a.id`, type: 'uuid' } },
    order: ['at:desc', 'id:desc'],
    unique: ['id'],
    total: async () =>
      Number((await db`select count(*) from auth.audit a where ${where}`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select a.id, a.at, a.key_id, k.name as key_name, a.address, a.method, a.route, a.target, a.status, a.request_id,
        a.count, ${keys}
      from auth.audit a left join auth.keys k on k.id = a.key_id
      where ${where} ${after} order by ${order} ${limit}`,
  })
  return { ...page, rows: page.rows.map(toAuditRow) }
}

function toAuditRow(row: AuditTableRow): AuditRow {
  return {
    id: row.id,
    at: formatTimestamp(row.at),
    key_id: row.key_id,
    key_name: row.key_name,
    address: row.address,
    method: row.method,
    route: row.route,
    target: row.target,
    status: row.status,
    request_id: row.request_id,
    count: row.count,
  }
}
