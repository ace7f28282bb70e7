import { notFound } from '../http/contract/app-error.ts'
import { formatTimestamp } from '../http/contract/moment.ts'
import type { Page } from '../http/contract/page.ts'
import type { ReadContext } from '../http/contract/read-context.ts'
import { all } from '../http/paging/conditions.ts'
import { readPage } from '../http/paging/paging.ts'
import type { Key, KeysQuery } from './key-schemas.ts'
import { type KeyRow, keyColumns } from './keys.ts'
import { keys as keysTable } from './tables.ts'

export async function listKeys(context: ReadContext, query: KeysQuery): Promise<Page<Key>> {
  const { db } = context
  const where = all(context, [
    query.role !== undefined && db`role = ${query.role}`,
    query.include_revoked !== true && db`revoked_at is null`,
  ])
  const page = await readPage<KeyRow>(context, query, {
    name: 'keys',
    sorts: {
      id: { column: keysTable.id, alias: 'k' },
      created_at: { column: keysTable.created_at, alias: 'k' },
      name: { column: keysTable.name, alias: 'k' },
      last_used_at: { column: keysTable.last_used_at, alias: 'k' },
    },
    order: ['created_at:desc'],
    unique: ['id'],
    total: async () => Number((await db`select count(*) from auth.keys where ${where}`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select ${keyColumns(db)}, ${keys} from auth.keys k where ${where} ${after} order by ${order} ${limit}`,
  })
  return { ...page, rows: page.rows.map(toKey) }
}

/** @throws AppError KEY_NOT_FOUND, also for a revoked key */
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
