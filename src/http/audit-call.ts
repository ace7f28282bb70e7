import { asAppError } from './answer/error-replies.ts'
import type { RequestContext } from './contract/request-input.ts'
import type { Route } from './contract/route.ts'

/** A call that changed something, or was refused. */
export type AuditedCall = {
  request: Request
  method: string
  /** The pattern of its path. */
  route: string
  /** What it was about: an id from the path, or of what it created. */
  target: string | null
  status: number
  requestId: string
  /** Whether it was refused: 401, 403, 429. */
  refused: boolean
}

/** Stores the call; never throws, and is not awaited. */
export type Audit = (call: AuditedCall) => void

const REFUSED = new Set([401, 403, 429])

/** Hands a call to `audit` when its route is a command, whatever came of it, or when it was refused. */
export function auditCall(
  audit: Audit,
  { context, route, outcome }: { context: RequestContext; route: Route; outcome: unknown },
): void {
  const isResponse = outcome instanceof Response
  const status = isResponse ? outcome.status : asAppError(outcome).status
  const refused = REFUSED.has(status)
  if (route.kind !== 'command' && !refused) return
  const created = isResponse ? outcome.headers.get('location') : null
  audit({
    request: context.request,
    method: route.method,
    route: context.route,
    target: Object.values(context.params)[0] ?? created?.replace(/^.*\//, '') ?? null,
    status,
    requestId: String(context.set.headers['x-request-id'] ?? ''),
    refused,
  })
}
