import { createHash } from 'node:crypto'
import { invalid } from '../contract/app-error.ts'

/**
 * A page cursor: the number of the next page, and the sort keys of the last row as PostgreSQL text
 * (null for null).
 */
export type Cursor = { page: number; keys: (string | null)[] }

const REFUSED = { field: 'cursor', message: 'must be the next_cursor of the same query' }

/** @param scope the list, filters and order; a cursor is refused for another scope */
export function writeCursor({ page, keys }: Cursor, scope: string): string {
  return Buffer.from(JSON.stringify([digest(scope), page, keys])).toString('base64url')
}

/** @throws AppError VALIDATION_ERROR for a text that `writeCursor` did not write for this scope */
export function readCursor(cursor: string, scope: string): Cursor {
  try {
    const [scopeDigest, page, keys]: unknown[] = JSON.parse(
      Buffer.from(cursor, 'base64url').toString(),
    )
    if (scopeDigest === digest(scope) && Number.isSafeInteger(page) && isKeys(keys))
      return { page: Number(page), keys }
  } catch {
    // refused below, like any other invalid cursor
  }
  throw refusedCursor()
}

export function refusedCursor(): Error {
  return invalid(REFUSED)
}

function isKeys(keys: unknown): keys is (string | null)[] {
  return Array.isArray(keys) && keys.every((key) => key === null || typeof key === 'string')
}

function digest(scope: string): string {
  return createHash('sha256').update(scope).digest('base64url').slice(0, 12)
}
