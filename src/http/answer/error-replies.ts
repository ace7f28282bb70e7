import { Elysia } from 'elysia'
import { israelIso } from '../../israel-time.ts'
import type { Logger } from '../../log.ts'
import { AppError, type ErrorCode, invalid } from '../contract/app-error.ts'
import { isDatabaseGone, isQueryTimeout } from './database-gone.ts'
import { requestIdOf } from './request-id.ts'

export type Route = { method: string; path: string }

/** Of the address as a whole; a server in front may take less. */
const MOST_URL_CHARACTERS = 8192

/**
 * Every error becomes the contract's JSON here, every answer carries X-Request-Id (an incoming one is kept when it is
 * sane), OPTIONS and wrong methods are told what is allowed. Must be used before any route.
 */
export function errorReplies(options: {
  log: Logger
  routes: () => readonly Route[]
  /** Counts a call of what is not there; may throw the AppError that is answered instead. */
  unknown?: (request: Request, headers: Record<string, string | number>) => void | Promise<void>
}) {
  return new Elysia({ name: 'error-replies' })
    .onRequest(({ request, set }) => {
      set.headers['x-request-id'] = requestIdOf(request)
      if (request.url.length > MOST_URL_CHARACTERS) {
        throw new AppError(
          'URI_TOO_LONG',
          `The address may have at most ${MOST_URL_CHARACTERS} characters`,
        )
      }
      // a Host header that cannot be one
      if (!URL.canParse(request.url))
        throw invalid({ field: 'host', message: 'must be a host name or an address' })
      const allow =
        request.method === 'OPTIONS' ? allowedMethods(options.routes(), request.url) : []
      return allow.length > 0
        ? new Response(null, { status: 204, headers: { allow: allow.join(', ') } })
        : undefined
    })
    .onError({ as: 'global' }, async ({ code, error: thrown, request, route, set }) => {
      const requestId = String(set.headers['x-request-id'] ?? '')
      let error: unknown = thrown
      try {
        if (code === 'NOT_FOUND') await options.unknown?.(request, set.headers)
      } catch (refusal) {
        error = refusal
      }
      const known = toAppError(code, error, () => allowedMethods(options.routes(), request.url))
      if (known.status >= 500)
        options.log.error({ err: error, requestId, method: request.method, route }, known.message)
      if (known.code === 'METHOD_NOT_ALLOWED')
        set.headers.allow = known.message.replace(/^.*: /, '')
      if (known.status === 401) set.headers['www-authenticate'] = challenge(known.code)
      if (known.status === 503) set.headers['retry-after'] = '5'
      set.headers['cache-control'] = 'no-store'
      return Response.json(
        {
          error: {
            code: known.code,
            message: known.message,
            status: known.status,
            timestamp: israelIso(Date.now()),
            request_id: requestId,
            ...(known.details === undefined ? {} : { details: known.details }),
          },
        },
        { status: known.status },
      )
    })
}

/** RFC 6750. There is no registered scheme for keys in a header of their own; Swagger says how they are sent. */
function challenge(code: ErrorCode): string {
  return `Bearer realm="super-zol"${code.startsWith('TOKEN_') ? ', error="invalid_token"' : ''}`
}

function toAppError(code: string | number, error: unknown, allowed: () => string[]): AppError {
  if (code === 'NOT_FOUND' && !(error instanceof AppError)) {
    const allow = allowed()
    if (allow.length === 0)
      return new AppError('NOT_FOUND', 'There is nothing at this address; see /docs')
    return new AppError('METHOD_NOT_ALLOWED', `This address answers to: ${allow.join(', ')}`)
  }
  return asAppError(error)
}

/** What a caller is told of an error that a route threw. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (isDatabaseGone(error)) {
    return new AppError('DATABASE_UNAVAILABLE', 'The database cannot be reached; try again', {
      cause: error,
    })
  }
  if (isQueryTimeout(error)) {
    return new AppError('QUERY_TIMEOUT', 'The database took too long over this; ask for less', {
      cause: error,
    })
  }
  return new AppError('INTERNAL_ERROR', 'Something went wrong on our side', { cause: error })
}

/** The methods of the routes that match a URL's path, HEAD and OPTIONS included; empty when none does. */
function allowedMethods(routes: readonly Route[], url: string): string[] {
  const segments = new URL(url).pathname.replace(/\/$/, '').split('/')
  const methods = routes
    .filter(({ path }) => matches(path.split('/'), segments))
    .map(({ method }) => method)
  if (methods.length === 0) return []
  return [...new Set([...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].sort()
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false
  return pattern.every((part, i) =>
    part.startsWith(':') ? segments[i] !== '' : part === segments[i],
  )
}
