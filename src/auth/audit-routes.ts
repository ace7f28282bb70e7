import { type Static, Type } from '@sinclair/typebox'
import { formatTimestamp, readMoment } from '../http/contract/moment.ts'
import type { Page } from '../http/contract/page.ts'
import type { ReadContext } from '../http/contract/read-context.ts'
import { type ListInput, listRoute } from '../http/contract/route.ts'
import { moment, nullable, text } from '../http/contract/value-schemas.ts'
import { all } from '../http/paging/conditions.ts'
import { readPage } from '../http/paging/paging.ts'
import { keyId } from './key-schemas.ts'
import { audit } from './tables.ts'

const auditSchema = Type.Object(
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
export type AuditRow = Static<typeof auditSchema>

const auditQuery = {
  key_id: Type.Optional(keyId),
  address: Type.Optional(text('203.0.113.7')),
  status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599, example: 401 })),
  from: Type.Optional(moment('2026-08-20', 'From this moment, or day.')),
  to: Type.Optional(moment('2026-08-21', 'Until this moment, or the end of this day.')),
}

type AuditTableRow = typeof audit.$inferSelect & { key_name: string | null }

async function listAudit(
  context: ReadContext,
  query: ListInput<typeof auditQuery>,
): Promise<Page<AuditRow>> {
  const { db } = context
  const { key_id, address, status, from, to } = query
  const where = all(context, [
    key_id !== undefined && db`a.key_id = ${key_id}`,
    address !== undefined && db`a.address = ${address}`,
    status !== undefined && db`a.status = ${status}`,
    from !== undefined && db`a.at >= ${readMoment('from', from, 'start')}`,
    to !== undefined && db`a.at < ${readMoment('to', to, 'end')}`,
  ])
  const page = await readPage<AuditTableRow>(context, query, {
    name: 'audit',
    sorts: { at: { column: audit.at, alias: 'a' }, id: { column: audit.id, alias: 'a' } },
    order: ['at:desc', 'id:desc'],
    unique: ['id'],
    total: async () =>
      Number((await db`select count(*) from auth.audit a where ${where}`)[0]?.count),
    rows: ({ keys, after, order, limit }) => db`
      select a.id, a.at, a.key_id, k.name as key_name, a.address, a.method, a.route, a.target, a.status, a.request_id,
        a.count, ${keys}
      from auth.audit a left join auth.keys k on k.id = a.key_id
      where ${where} ${after} order by ${order} ${limit}`,
  })
  return { ...page, rows: page.rows.map(toAuditRow) }
}

function toAuditRow(row: AuditTableRow): AuditRow {
  return {
    id: row.id,
    at: formatTimestamp(row.at),
    key_id: row.key_id,
    key_name: row.key_name,
    address: row.address,
    method: row.method,
    route: row.route,
    target: row.target,
    status: row.status,
    request_id: row.request_id,
    count: row.count,
  }
}

export const auditRoutes = [
  listRoute({
    path: '/v1/auth/audit',
    operationId: 'listAudit',
    summary: 'Who wrote, and who was refused',
    description:
      'Newest first. Calls that wrote are a row each, refusals that are alike a row a minute.',
    tag: 'access',
    role: 'admin',
    query: auditQuery,
    responseSchema: auditSchema,
    sorts: ['at'],
    volatile: true,
    handler: listAudit,
  }),
]
