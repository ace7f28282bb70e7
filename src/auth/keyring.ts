import { LRUCache } from 'lru-cache'
import type { Sql } from '../db/connect.ts'
import type { Logger } from '../log.ts'
import { REVOKED } from './keys.ts'
import type { keys } from './tables.ts'

export type KnownKey = Pick<
  typeof keys.$inferSelect,
  'id' | 'digest' | 'role' | 'expires_at' | 'last_used_at' | 'revoked_at'
>

export type Keyring = {
  /** Returns the key with this id, also when it is expired or revoked; null when there is none. */
  find(id: string): Promise<KnownKey | null>
  /** Removes a key from memory, so that the next call reads it from the database. */
  forget(id: string): void
  /** Records the use of a key: in the database at most once a minute, in the background. */
  use(key: KnownKey): void
}

const MAX_KEYS = 10_000
const USE_MS = 60_000

/**
 * Keeps keys and unknown ids in memory, so that most calls need no query. A revocation removes its
 * key at once. All keys are removed when notifications may have been missed. Entries expire after
 * `trustedMs`, for poolers that drop notifications. Listens until `sql.end()`.
 *
 * @param now the clock, in epoch milliseconds
 */
export function createKeyring(
  sql: Sql,
  { log, now, trustedMs = 10_000 }: { log: Logger; now: () => number; trustedMs?: number },
): Keyring {
  const kept = new LRUCache<string, Promise<KnownKey | null>>({ max: MAX_KEYS, ttl: trustedMs })
  sql
    .listen(
      REVOKED,
      (id) => kept.delete(id),
      () => kept.clear(),
    )
    .catch((error: unknown) => {
      // the client was closed before it listened
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'CONNECTION_ENDED' || code === 'CONNECTION_DESTROYED') return
      log.warn(
        { err: error },
        `Cannot listen for revoked keys yet: they are read again after ${trustedMs} ms`,
      )
    })

  const read = async (id: string): Promise<KnownKey | null> => {
    const [row] = await sql<KnownKey[]>`
      select id, digest, role, expires_at, last_used_at, revoked_at from auth.keys where id = ${id}`
    return row ?? null
  }
  const keep = (id: string) => {
    const key = read(id)
    kept.set(id, key)
    key.catch(() => {
      if (kept.peek(id) === key) kept.delete(id)
    })
    return key
  }

  return {
    find: (id) => kept.get(id) ?? keep(id),
    forget: (id) => kept.delete(id),
    use: (key) => {
      const at = now()
      if (key.last_used_at !== null && at - key.last_used_at.getTime() < USE_MS) return
      key.last_used_at = new Date(at)
      sql`
        update auth.keys set last_used_at = ${key.last_used_at}
        where id = ${key.id} and (last_used_at is null or last_used_at <= ${new Date(at - USE_MS)})`.catch(
        (error) => {
          log.warn({ err: error, keyId: key.id }, 'Cannot note when a key was last used')
        },
      )
    },
  }
}
