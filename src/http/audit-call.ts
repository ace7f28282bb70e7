import { asAppError } from './answer/error-replies.ts'
import type { RequestContext } from './contract/request-input.ts'
import type { Route } from './contract/route.ts'

/** A command or a refused call. */
export type AuditedCall = {
  request: Request
  method: string
  /** The path pattern. */
  route: string
  /** The affected resource: an id from the path, or the id of the created resource. */
  target: string | null
  status: number
  requestId: string
  /** Whether the status is 401, 403 or 429. */
  refused: boolean
}

/** Stores a call in the background. Never throws. */
export type Audit = (call: AuditedCall) => void

const REFUSED = new Set([401, 403, 429])

/**
 * Passes a call to `audit` when its route is a command, with any outcome, or when it was refused.
 */
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
