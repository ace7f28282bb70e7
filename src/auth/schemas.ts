import { Type } from '@sinclair/typebox'
import { ROLES } from '../http/contract/caller.ts'
import {
  choice,
  commandEndpoint,
  listEndpoint,
  moment,
  oneEndpoint,
  text,
} from '../http/contract/endpoint.ts'
import { auditShape, keyShape, newKeyShape, tokenShape } from './shapes.ts'

const tag = 'access'
const keyId = Type.String({ pattern: '^[0-9a-f]{12}$', example: '3f9c02ab77de' })
export const token = commandEndpoint({
  method: 'POST',
  status: 200,
  summary: 'Exchange an API key for a token',
  description: 'The key in `X-API-Key`. The token is good for 15 minutes, and ends with its key.',
  tag,
  role: 'reader',
  shape: tokenShape,
  errors: ['UNAUTHORIZED'],
})

export const keyList = listEndpoint({
  summary: 'API keys',
  description: 'Newest first. No key is shown, only what it begins with.',
  tag,
  role: 'admin',
  shape: keyShape,
  query: {
    role: Type.Optional(choice(ROLES, { example: 'admin' })),
    include_revoked: Type.Optional(
      Type.Boolean({ description: 'Also those that were revoked.', example: true }),
    ),
  },
  sorts: ['created_at', 'name', 'last_used_at'],
  volatile: true,
})

export const oneKey = oneEndpoint({
  summary: 'One API key',
  tag,
  role: 'admin',
  shape: keyShape,
  params: { id: keyId },
  errors: ['KEY_NOT_FOUND'],
  volatile: true,
})

export const newKey = commandEndpoint({
  method: 'POST',
  status: 201,
  summary: 'Make an API key',
  description: 'The answer shows the key, which is kept nowhere: it cannot be shown again.',
  tag,
  shape: newKeyShape,
  body: Type.Object(
    {
      name: Type.String({
        minLength: 1,
        maxLength: 100,
        pattern: '^[^\\x00-\\x20\\x7f]([^\\x00-\\x1f\\x7f]*[^\\x00-\\x20\\x7f])?$',
        example: 'price board',
        description: 'Whose it is, for people. No control characters, no blanks at its ends.',
      }),
      role: choice(ROLES, { example: 'reader' }),
      expires_at: Type.Optional(
        moment('2099-01-01', 'Its end, in the future; without one it holds until it is revoked.'),
      ),
    },
    { additionalProperties: false, example: { name: 'price board', role: 'reader' } },
  ),
})

export const revokedKey = commandEndpoint({
  method: 'DELETE',
  status: 204,
  summary: 'Revoke an API key',
  description: 'For good: it and its tokens are refused from now on.',
  tag,
  params: { id: keyId },
  errors: ['KEY_NOT_FOUND'],
})

export const auditList = listEndpoint({
  summary: 'Who wrote, and who was refused',
  description:
    'Newest first. Calls that wrote are a row each, refusals that are alike a row a minute.',
  tag,
  role: 'admin',
  shape: auditShape,
  query: {
    key_id: Type.Optional(keyId),
    address: Type.Optional(text('203.0.113.7')),
    status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599, example: 401 })),
    from: Type.Optional(moment('2026-08-20', 'From this moment, or day.')),
    to: Type.Optional(moment('2026-08-21', 'Until this moment, or the end of this day.')),
  },
  sorts: ['at'],
  volatile: true,
})
