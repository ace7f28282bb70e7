import { AppError } from '../http/contract/app-error.ts'
import { type Admit, type Caller, noteCaller, requireRole } from '../http/contract/caller.ts'
import type { RateLimit } from '../limits/rate-limit.ts'

export type Who = {
  /** Identifies the caller. Throws a 401 error when the key or token is not valid. */
  identify(request: Request): Caller | Promise<Caller>
  /** The caller without credentials: only the address is used. */
  stranger(request: Request): Caller
  /** Whether every call needs a key or a token. */
  needsKey: boolean
}

/**
 * Admits a call. The rate limit also counts calls that are refused later. Roles are checked only
 * here.
 */
export function createAdmission(
  { identify, stranger, needsKey }: Who,
  rateLimit: RateLimit,
): Admit {
  return async ({ request, set: { headers } }, { cost, role }) => {
    if (saysWho(request)) rateLimit.refuseGuesser(stranger(request), headers)
    const caller = await tryToIdentify(request, headers)
    noteCaller(request, caller)
    await rateLimit.take(caller, cost, headers)
    if (needsKey && caller.keyId === null) {
      throw new AppError('UNAUTHORIZED', 'This needs an API key: send it as X-API-Key')
    }
    requireRole(caller, role)
    return caller
  }

  async function tryToIdentify(
    request: Request,
    headers: Record<string, string | number>,
  ): Promise<Caller> {
    try {
      return await identify(request)
    } catch (error) {
      const isWrongKey = error instanceof AppError && error.status === 401
      if (isWrongKey) await rateLimit.takeWrongKey(stranger(request), headers)
      throw error
    }
  }
}

/** Whether the request carries credentials, valid or not. */
function saysWho({ headers }: Request): boolean {
  return headers.has('x-api-key') || headers.has('api-key') || headers.has('authorization')
}
