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
  /** The key of that id, ended ones too; null when there is none. */
  find(id: string): Promise<KnownKey | null>
  /** Asks the database again the next time. */
  forget(id: string): void
  /** Notes that a key was used now: in the database once a minute at most, and without being waited for. */
  use(key: KnownKey): void
}

const MOST_KEYS = 10_000
const USE_MS = 60_000

/**
 * Keeps keys in memory, so that a call costs no query for its key; ids that do not exist too. What a revocation announces is
 * forgotten at once, everything when announcements may have been missed; behind a pooler that swallows them nothing is
 * older than `trustedMs`. Listens until `sql.end()`.
 *
 * @param now the clock, in epoch milliseconds
 */
export function createKeyring(
  sql: Sql,
  { log, now, trustedMs = 10_000 }: { log: Logger; now: () => number; trustedMs?: number },
): Keyring {
  const kept = new LRUCache<string, Promise<KnownKey | null>>({ max: MOST_KEYS, ttl: trustedMs })
  sql
    .listen(
      REVOKED,
      (id) => kept.delete(id),
      () => kept.clear(),
    )
    .catch((error: unknown) => {
      // it ended before it had begun to listen
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
