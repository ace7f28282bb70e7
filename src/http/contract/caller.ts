import { AppError } from './app-error.ts'

/** What callers may do: each role all that the ones before it may. */
export const ROLES = ['reader', 'analyst', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Who asks. */
export type Caller = {
  /** Of the API key; null for someone without one. */
  keyId: string | null
  /** How they showed it: the key itself, or a token that was given for it; null for someone without one. */
  by: 'key' | 'token' | null
  role: Role
  /** The network address; null where none is known. */
  address: string | null
}

/** Someone without a key, who may read. */
export function anonymous(address: string | null): Caller {
  return { keyId: null, by: null, role: 'reader', address }
}

/** Identifies the caller, or throws the AppError with which the call is refused. */
export type Admit = (
  call: { request: Request; set: { headers: Record<string, string | number> } },
  route: { role: Role; cost: number },
) => Caller | Promise<Caller>

const callers = new WeakMap<Request, Caller>()

/** Notes who sent a request, for those who tell of it afterwards: log, metrics, audit. */
export function noteCaller(request: Request, caller: Caller): void {
  callers.set(request, caller)
}

/** Who sent a request; undefined for one that was refused before that was known. */
export function callerOf(request: Request): Caller | undefined {
  return callers.get(request)
}

/** @throws AppError UNAUTHORIZED for someone unknown, FORBIDDEN for someone known, whose role does not suffice */
export function requireRole(caller: Caller, role: Role): void {
  if (ROLES.indexOf(caller.role) >= ROLES.indexOf(role)) return
  if (caller.keyId === null)
    throw new AppError('UNAUTHORIZED', `This needs an API key with the role ${role}`)
  throw new AppError('FORBIDDEN', `This needs the role ${role}; the key has ${caller.role}`)
}
