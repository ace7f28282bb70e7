import { AppError } from './app-error.ts'

/** What callers may do: each role all that the ones before it may. */
export const ROLES = ['reader', 'analyst', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Who asks. */
export type Caller = {
  /** Of the API key; null for someone without one. */
  keyId: string | null
  role: Role
  /** The network address; null where none is known. */
  address: string | null
}

/** Someone without a key, who may read. */
export function anonymous(address: string | undefined): Caller {
  return { keyId: null, role: 'reader', address: address ?? null }
}

/** @throws AppError UNAUTHORIZED for someone unknown, FORBIDDEN for someone known, whose role does not suffice */
export function requireRole(caller: Caller, role: Role): void {
  if (ROLES.indexOf(caller.role) >= ROLES.indexOf(role)) return
  if (caller.keyId === null) throw new AppError('UNAUTHORIZED', `This needs an API key with the role ${role}`)
  throw new AppError('FORBIDDEN', `This needs the role ${role}; the key has ${caller.role}`)
}
