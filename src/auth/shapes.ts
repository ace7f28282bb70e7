import { type Static, Type } from '@sinclair/typebox'
import { ROLES } from '../http/contract/caller.ts'
import { choice, nullable } from '../http/contract/endpoint.ts'

const moment = Type.String({ format: 'date-time' })

export const keyShape = Type.Object(
  {
    id: Type.String({ description: 'The key begins with `sz_` and this.' }),
    name: Type.String(),
    role: choice(ROLES),
    created_at: moment,
    expires_at: nullable(moment),
    last_used_at: nullable(Type.String({ format: 'date-time', description: 'Exact to a minute.' })),
    revoked_at: nullable(moment),
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
export type Key = Static<typeof keyShape>

export const newKeyShape = Type.Object(
  {
    ...keyShape.properties,
    key: Type.String({ description: 'The key itself: shown here, and never again.' }),
  },
  {
    title: 'NewApiKey',
    example: {
      ...keyShape.example,
      last_used_at: null,
      key: 'sz_3f9c02ab77de_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdE',
    },
  },
)

export const tokenShape = Type.Object(
  {
    access_token: Type.String(),
    token_type: choice(['Bearer']),
    expires_in: Type.Integer({ description: 'Seconds.' }),
    expires_at: moment,
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

export const auditShape = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    at: Type.String({
      format: 'date-time',
      description: 'Of several that were refused alike, the first.',
    }),
    key_id: nullable(Type.String()),
    key_name: nullable(Type.String()),
    address: nullable(Type.String()),
    method: Type.String(),
    route: Type.String({
      description: 'The pattern of the address; `*` where too many were refused to tell.',
    }),
    target: nullable(
      Type.String({
        description: 'What it was about: an id from the address, or of what was made.',
      }),
    ),
    status: Type.Integer(),
    request_id: Type.String(),
    count: Type.Integer({ description: 'Refusals of one minute that are alike are one row.' }),
  },
  {
    title: 'AuditRow',
    example: {
      id: '5a0f8c1e-6f0e-4a53-9d0e-0c6a4a9d4f11',
      at: '2026-08-20T12:00:00+03:00',
      key_id: '3f9c02ab77de',
      key_name: 'operations',
      address: '203.0.113.7',
      method: 'DELETE',
      route: '/v1/auth/keys/:id',
      target: '77de3f9c02ab',
      status: 204,
      request_id: '0f1c9a52-5c1e-4d0e-9f0a-3a8f1f1f2b11',
      count: 1,
    },
  },
)
export type AuditRow = Static<typeof auditShape>
