import type { RateLimit } from '../limits/rate-limit.ts'
import type { Admit } from './api.ts'
import { AppError } from './app-error.ts'
import { type Caller, noteCaller, requireRole } from './caller.ts'

type Who = {
  /** Says who calls; throws UNAUTHORIZED for a key or a token that is wrong. */
  identify(request: Request): Caller | Promise<Caller>
  /** Who calls, of whom nothing but the address is believed. */
  stranger(request: Request): Caller
}

/** Lets a call in: whoever calls is counted first, also for what is then refused. */
export function createAdmission({ identify, stranger }: Who, rateLimit: RateLimit): Admit {
  return async ({ request, set: { headers } }, { cost, role }) => {
    if (saysWho(request)) rateLimit.refuseGuesser(stranger(request), headers)
    const caller = await tryToIdentify(request, headers)
    noteCaller(request, caller)
    await rateLimit.take(caller, cost, headers)
    requireRole(caller, role)
    return caller
  }

  async function tryToIdentify(request: Request, headers: Record<string, string | number>): Promise<Caller> {
    try {
      return await identify(request)
    } catch (error) {
      const isWrongKey = error instanceof AppError && error.code === 'UNAUTHORIZED'
      if (isWrongKey) await rateLimit.takeWrongKey(stranger(request), headers)
      throw error
    }
  }
}

/** Truly or not. */
function saysWho({ headers }: Request): boolean {
  return headers.has('x-api-key') || headers.has('api-key') || headers.has('authorization')
}
