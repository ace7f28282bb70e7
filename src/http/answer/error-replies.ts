import { Elysia } from 'elysia'
import { israelIso } from '../../israel-time.ts'
import type { Logger } from '../../log.ts'
import { AppError, type ErrorCode, invalid } from '../contract/app-error.ts'
import { isDatabaseGone, isQueryTimeout } from './database-gone.ts'
import { requestIdOf } from './request-id.ts'

export type Route = { method: string; path: string }

/** The maximum length of the whole URL. A proxy in front may allow less. */
const MAX_URL_CHARACTERS = 8192

/**
 * Turns every error into the JSON of the API contract. Sets X-Request-Id on every answer and keeps
 * a valid incoming one. Answers OPTIONS and unsupported methods with the allowed methods. Must be
 * registered before any route.
 */
export function errorReplies(options: {
  log: Logger
  routes: () => readonly Route[]
  /** Counts a call of an unknown path. It may throw an AppError, which becomes the answer. */
  unknown?: (request: Request, headers: Record<string, string | number>) => void | Promise<void>
}) {
  return new Elysia({ name: 'error-replies' })
    .onRequest(({ request, set }) => {
      set.headers['x-request-id'] = requestIdOf(request)
      if (request.url.length > MAX_URL_CHARACTERS) {
        throw new AppError(
          'URI_TOO_LONG',
          `The address may have at most ${MAX_URL_CHARACTERS} characters`,
        )
      }
      // the Host header is invalid
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
      const reply = toAppError(code, error, () => allowedMethods(options.routes(), request.url))
      if (reply.status >= 500)
        options.log.error({ err: error, requestId, method: request.method, route }, reply.message)
      if (reply.code === 'METHOD_NOT_ALLOWED')
        set.headers.allow = reply.message.replace(/^.*: /, '')
      if (reply.status === 401) set.headers['www-authenticate'] = challenge(reply.code)
      if (reply.status === 503) set.headers['retry-after'] = '5'
      set.headers['cache-control'] = 'no-store'
      return Response.json(
        {
          error: {
            code: reply.code,
            message: reply.message,
            status: reply.status,
            timestamp: israelIso(Date.now()),
            request_id: requestId,
            ...(reply.details === undefined ? {} : { details: reply.details }),
          },
        },
        { status: reply.status },
      )
    })
}

/**
 * The WWW-Authenticate header (RFC 6750). No scheme is registered for API keys; the OpenAPI
 * document describes them.
 */
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

/** Converts the error of a route to the error that the caller receives. */
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

/**
 * The methods of all routes that match a path, with HEAD and OPTIONS; empty when no route matches.
 */
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
