import { createHash } from 'node:crypto'
import { invalid } from '../contract/app-error.ts'

/** Where a page ended: its number, and the sort keys of its last row as PostgreSQL's text (null for null). */
export type Cursor = { page: number; keys: (string | null)[] }

const REFUSED = { field: 'cursor', message: 'must be the next_cursor of the same query' }

/** @param scope what the cursor belongs to (list, filters, order): with another one it is refused */
export function writeCursor({ page, keys }: Cursor, scope: string): string {
  return Buffer.from(JSON.stringify([digest(scope), page, keys])).toString('base64url')
}

/** @throws AppError VALIDATION_ERROR for anything that `writeCursor` did not write for this scope */
export function readCursor(cursor: string, scope: string): Cursor {
  try {
    const [of, page, keys]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (of === digest(scope) && Number.isSafeInteger(page) && isKeys(keys))
      return { page: Number(page), keys }
  } catch {
    // Refused below, like whatever else is no cursor of ours.
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
