import { asAppError } from './answer/error-replies.ts'
import type { Endpoint, RequestContext } from './contract/endpoint.ts'

/** A call that wrote, or was refused. */
export type Audited = {
  request: Request
  method: string
  /** The pattern of its path. */
  route: string
  /** What it was about: an id from the path, or of what it made. */
  target: string | null
  status: number
  requestId: string
  /** It was not let in: 401, 403, 429. */
  refused: boolean
}

/** Keeps it; never throws, and is not waited for. */
export type Audit = (call: Audited) => void

const REFUSED = new Set([401, 403, 429])

/** Answers with `answer`, and tells `audit` when that wrote (`act`), well or not, or was refused. */
export async function audited(
  { request, params, set, route }: RequestContext,
  { kind, method }: Endpoint,
  { audit, answer }: { audit: Audit; answer: () => Promise<Response> },
): Promise<Response> {
  const tell = (status: number, made?: string | null) => {
    const refused = REFUSED.has(status)
    if (kind !== 'act' && !refused) return
    const target = Object.values(params)[0] ?? made?.replace(/^.*\//, '') ?? null
    audit({
      request,
      method,
      route,
      target,
      status,
      requestId: String(set.headers['x-request-id'] ?? ''),
      refused,
    })
  }
  try {
    const response = await answer()
    tell(response.status, response.headers.get('location'))
    return response
  } catch (error) {
    tell(asAppError(error).status)
    throw error
  }
}
