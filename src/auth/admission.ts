import { AppError } from '../http/contract/app-error.ts'
import { type Admit, type Caller, noteCaller, requireRole } from '../http/contract/caller.ts'
import type { RateLimit } from '../limits/rate-limit.ts'

export type Who = {
  /** Says who calls; throws a 401 for a key or a token that is wrong. */
  identify(request: Request): Caller | Promise<Caller>
  /** Who calls, of whom nothing but the address is believed. */
  stranger(request: Request): Caller
  /** Nobody is let in without a key or a token. */
  needsKey: boolean
}

/** Lets a call in: whoever calls is counted first, also for what is then refused. The one place where roles are checked. */
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

/** Truly or not. */
function saysWho({ headers }: Request): boolean {
  return headers.has('x-api-key') || headers.has('api-key') || headers.has('authorization')
}
