import { Elysia } from 'elysia'
import type { Api } from '../http/api.ts'
import { AppError, invalid } from '../http/contract/app-error.ts'
import { formatTimestamp, readMoment } from '../http/contract/moment.ts'
import { describe } from '../http/docs/route-docs.ts'
import type { Keyring } from './keyring.ts'
import { createKey, revokeKey } from './keys.ts'
import { findKey, keyNotFound, listAudit, listKeys, toKey } from './queries.ts'
import { auditList, keyList, newKey, oneKey, revokedKey, token } from './schemas.ts'
import type { Tokens } from './tokens.ts'

type Access = { keyring: Keyring; tokens: Tokens; now: () => number }

/** Tokens for whoever has a key; keys and the audit for admins. */
export function authRoutes(api: Api, { keyring, tokens, now }: Access) {
  const issueToken = api.act(token, async ({ caller }) => {
    // a token for a token would have no end
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
  })

  const makeKey = api.act(newKey, async ({ sql }, { body: { name, role, expires_at } }) => {
    const expiresAt = expires_at === undefined ? null : readMoment('expires_at', expires_at, 'end')
    if (expiresAt !== null && expiresAt.getTime() <= now()) {
      throw invalid({ field: 'expires_at', message: 'must be in the future' })
    }
    const { row, text } = await createKey(sql, { name, role, expiresAt, now: new Date(now()) })
    keyring.forget(row.id)
    return { data: { ...toKey(row), key: text }, location: `/v1/auth/keys/${row.id}` }
  })

  const revoke = api.act(revokedKey, async ({ sql }, { id }) => {
    if ((await revokeKey(sql, id, new Date(now()))) === null) throw keyNotFound(id)
    keyring.forget(id)
    return {}
  })

  return new Elysia({ name: 'auth', prefix: '/v1/auth' })
    .post('/token', issueToken, { detail: { ...describe(token), security: [{ apiKey: [] }] } })
    .get('/keys', api.list(keyList, listKeys), { detail: describe(keyList) })
    .get('/keys/:id', api.one(oneKey, findKey), { detail: describe(oneKey) })
    .post('/keys', makeKey, { detail: describe(newKey) })
    .delete('/keys/:id', revoke, { detail: describe(revokedKey) })
    .get('/audit', api.list(auditList, listAudit), { detail: describe(auditList) })
}
