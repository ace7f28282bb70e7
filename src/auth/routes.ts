import { Type } from '@sinclair/typebox'
import { AppError, invalid } from '../http/contract/app-error.ts'
import { formatTimestamp, readMoment } from '../http/contract/moment.ts'
import { commandRoute, itemRoute, listRoute, type Route } from '../http/contract/route.ts'
import { choice, dateTime } from '../http/contract/value-schemas.ts'
import { auditRoutes } from './audit-routes.ts'
import { findKey, keyNotFound, listKeys, toKey } from './key-queries.ts'
import { keyId, keySchema, keysQuery, newKeyBody, newKeySchema } from './key-schemas.ts'
import type { Keyring } from './keyring.ts'
import { createKey, revokeKey } from './keys.ts'
import type { Tokens } from './tokens.ts'

type Access = { keyring: Keyring; tokens: Tokens; now: () => number }

const tokenSchema = Type.Object(
  {
    access_token: Type.String(),
    token_type: choice(['Bearer']),
    expires_in: Type.Integer({ description: 'Seconds.' }),
    expires_at: dateTime(),
  },
  {
    title: 'Token',
    example: {
      access_token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJzdXBlci16b2wifQ.…',
      token_type: 'Bearer',
      expires_in: 900,
      expires_at: '2026-08-20T12:15:00+03:00',
    },
  },
)

/** The routes for tokens (any API key), and for keys and the audit (admins). */
export function authRoutes(access: Access): Route[] {
  return [tokenRoute(access), ...keyRoutes(access), ...auditRoutes]
}

function tokenRoute({ keyring, tokens }: Access): Route {
  return commandRoute({
    method: 'POST',
    path: '/v1/auth/token',
    operationId: 'issueToken',
    status: 200,
    summary: 'Exchange an API key for a token',
    description: 'The key in `X-API-Key`. The token is good for 15 minutes, and ends with its key.',
    tag: 'access',
    role: 'reader',
    credential: 'key',
    responseSchema: tokenSchema,
    errors: ['UNAUTHORIZED'],
    handler: async ({ caller }) => {
      // tokens that renew themselves would never expire
      if (caller.keyId === null || caller.by !== 'key') {
        throw new AppError('UNAUTHORIZED', 'This needs an API key in X-API-Key')
      }
      const key = await keyring.find(caller.keyId)
      const issued = await tokens.issue(caller.keyId, key?.expires_at ?? null)
      return {
        data: {
          access_token: issued.token,
          token_type: 'Bearer',
          expires_in: issued.lifetime,
          expires_at: formatTimestamp(new Date(issued.expiresAt * 1000)),
        },
      }
    },
  })
}

function keyRoutes({ keyring, now }: Access): Route[] {
  const shared = { tag: 'access', role: 'admin' } as const
  return [
    listRoute({
      ...shared,
      path: '/v1/auth/keys',
      operationId: 'listKeys',
      summary: 'API keys',
      description: 'Newest first. No key is shown, only what it begins with.',
      query: keysQuery,
      responseSchema: keySchema,
      sorts: ['created_at', 'name', 'last_used_at'],
      volatile: true,
      handler: listKeys,
    }),
    itemRoute({
      ...shared,
      path: '/v1/auth/keys/:id',
      operationId: 'getKey',
      summary: 'One API key',
      params: { id: keyId },
      responseSchema: keySchema,
      errors: ['KEY_NOT_FOUND'],
      volatile: true,
      handler: findKey,
    }),
    commandRoute({
      ...shared,
      method: 'POST',
      path: '/v1/auth/keys',
      operationId: 'createKey',
      status: 201,
      summary: 'Make an API key',
      description: 'The answer shows the key, which is kept nowhere: it cannot be shown again.',
      body: newKeyBody,
      responseSchema: newKeySchema,
      handler: async ({ sql }, { body: { name, role, expires_at } }) => {
        const expiresAt =
          expires_at === undefined ? null : readMoment('expires_at', expires_at, 'end')
        if (expiresAt !== null && expiresAt.getTime() <= now()) {
          throw invalid({ field: 'expires_at', message: 'must be in the future' })
        }
        const { row, text } = await createKey(sql, { name, role, expiresAt, now: new Date(now()) })
        keyring.forget(row.id)
        return { data: { ...toKey(row), key: text }, location: `/v1/auth/keys/${row.id}` }
      },
    }),
    commandRoute({
      ...shared,
      method: 'DELETE',
      path: '/v1/auth/keys/:id',
      operationId: 'revokeKey',
      status: 204,
      summary: 'Revoke an API key',
      description: 'For good: it and its tokens are refused from now on.',
      params: { id: keyId },
      errors: ['KEY_NOT_FOUND'],
      handler: async ({ sql }, { id }) => {
        if ((await revokeKey(sql, id, new Date(now()))) === null) throw keyNotFound(id)
        keyring.forget(id)
        return {}
      },
    }),
  ]
}
