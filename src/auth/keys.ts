import type { Db, Sql } from '../db/connect.ts'
import type { Role } from '../http/contract/caller.ts'
import { makeApiKey } from './api-key.ts'
import type { keys } from './tables.ts'

/** A key as shown to users, without its digest. */
export type KeyRow = Omit<typeof keys.$inferSelect, 'digest'>

/** The notification channel for revoked keys. The payload is the id of the key. */
export const REVOKED = 'auth_key_revoked'

/** @returns the row, and the text of the key, which cannot be retrieved later */
export async function createKey(
  sql: Sql,
  { name, role, expiresAt, now }: { name: string; role: Role; expiresAt: Date | null; now: Date },
): Promise<{ row: KeyRow; text: string }> {
  const { id, digest, text } = makeApiKey()
  const [row] = await sql<KeyRow[]>`
    insert into auth.keys (id, digest, name, role, created_at, expires_at)
    values (${id}, ${digest}, ${name}, ${role}, ${now}, ${expiresAt}) returning ${keyColumns(sql)}`
  if (row === undefined) throw new Error('Cannot make a key: the database returned none')
  return { row, text }
}

/**
 * Revokes a key permanently. Every process knows it within milliseconds. Null when the id is
 * unknown or already revoked.
 */
export async function revokeKey(sql: Sql, id: string, now: Date): Promise<KeyRow | null> {
  return sql.begin(async (tx) => {
    const [row] = await tx<KeyRow[]>`
      update auth.keys set revoked_at = ${now} where id = ${id} and revoked_at is null returning ${keyColumns(tx)}`
    if (row !== undefined) await tx`select pg_notify(${REVOKED}, ${id})`
    return row ?? null
  })
}

/** Returns all keys, newest first. */
export function findKeys(sql: Sql): Promise<KeyRow[]> {
  return sql<KeyRow[]>`select ${keyColumns(sql)} from auth.keys order by created_at desc, id`
}

/** The columns of auth.keys without the digest. */
export function keyColumns(db: Db) {
  return db`id, name, role, created_at, expires_at, last_used_at, revoked_at`
}
