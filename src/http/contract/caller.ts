import { AppError } from './app-error.ts'

/** The roles in rising order. Each role includes the permissions of the roles before it. */
export const ROLES = ['reader', 'analyst', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** The caller of a request. */
export type Caller = {
  /** The id of the API key; null for an anonymous caller. */
  keyId: string | null
  /**
   * The kind of credential: the key itself or a token issued for it; null for an anonymous caller.
   */
  by: 'key' | 'token' | null
  role: Role
  /** The network address; null when it is not known. */
  address: string | null
}

/** A caller without a key, with the role `reader`. */
export function anonymous(address: string | null): Caller {
  return { keyId: null, by: null, role: 'reader', address }
}

/** Identifies the caller and admits the call, or throws the AppError that refuses it. */
export type Admit = (
  call: { request: Request; set: { headers: Record<string, string | number> } },
  route: { role: Role; cost: number },
) => Caller | Promise<Caller>

const callers = new WeakMap<Request, Caller>()

/** Stores the caller of a request for the log, the metrics and the audit. */
export function noteCaller(request: Request, caller: Caller): void {
  callers.set(request, caller)
}

/** Returns the caller of a request; undefined when it was refused before identification. */
export function callerOf(request: Request): Caller | undefined {
  return callers.get(request)
}

/**
 * @throws AppError UNAUTHORIZED for an anonymous caller, FORBIDDEN for a known caller without the
 *   required role
 */
export function requireRole(caller: Caller, role: Role): void {
  if (ROLES.indexOf(caller.role) >= ROLES.indexOf(role)) return
  if (caller.keyId === null)
    throw new AppError('UNAUTHORIZED', `This needs an API key with the role ${role}`)
  throw new AppError('FORBIDDEN', `This needs the role ${role}; the key has ${caller.role}`)
}
