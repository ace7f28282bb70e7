import { type Static, Type } from '@sinclair/typebox'
import { ROLES } from '../http/contract/caller.ts'
import type { ListInput } from '../http/contract/route.ts'
import { choice, dateTime, moment, nullable } from '../http/contract/value-schemas.ts'

export const keyId = Type.String({ pattern: '^[0-9a-f]{12}$', example: '3f9c02ab77de' })

export const keysQuery = {
  role: Type.Optional(choice(ROLES, { example: 'admin' })),
  include_revoked: Type.Optional(
    Type.Boolean({ description: 'Also those that were revoked.', example: true }),
  ),
}
export type KeysQuery = ListInput<typeof keysQuery>

export const newKeyBody = Type.Object(
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
)

export const keySchema = Type.Object(
  {
    id: Type.String({ description: 'The key begins with `sz_` and this.' }),
    name: Type.String(),
    role: choice(ROLES),
    created_at: dateTime(),
    expires_at: nullable(dateTime()),
    last_used_at: nullable(Type.String({ format: 'date-time', description: 'Exact to a minute.' })),
    revoked_at: nullable(dateTime()),
  },
  {
    title: 'ApiKey',
    example: {
      id: '3f9c02ab77de',
      name: 'price board',
      role: 'reader',
      created_at: '2026-08-20T12:00:00+03:00',
      expires_at: null,
      last_used_at: '2026-08-20T12:01:00+03:00',
      revoked_at: null,
    },
  },
)
export type Key = Static<typeof keySchema>

export const newKeySchema = Type.Object(
  {
    ...keySchema.properties,
    key: Type.String({ description: 'The key itself: shown here, and never again.' }),
  },
  {
    title: 'NewApiKey',
    example: {
      ...keySchema.example,
      last_used_at: null,
      key: 'sz_3f9c02ab77de_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdE',
    },
  },
)
