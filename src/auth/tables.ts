import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgSchema, smallint, text, uuid } from 'drizzle-orm/pg-core'
import { bytea, bytewiseText, moment } from '../db/column-types.ts'
import { ROLES } from '../http/contract/caller.ts'

/** The database schema `auth`. Migrations are generated from these tables (CONTRIBUTING.md). */
export const auth = pgSchema('auth')

export const keys = auth.table(
  'keys',
  {
    id: bytewiseText().primaryKey(),
    /** The SHA-256 of the key's secret part. */
    digest: bytea().notNull(),
    name: text().notNull(),
    role: text({ enum: ROLES }).notNull(),
    created_at: moment().notNull(),
    expires_at: moment(),
    /** Accurate to one minute. */
    last_used_at: moment(),
    revoked_at: moment(),
  },
  () => [check('keys_role_check', sql`role in ('reader', 'analyst', 'admin')`)],
)

/** The secret that signs tokens when JWT_SECRET is not set. At most one row. */
export const tokenSecret = auth.table(
  'token_secret',
  { only_row: boolean().primaryKey().default(true), secret: bytea().notNull() },
  () => [check('token_secret_only_row_check', sql`only_row`)],
)

/** The audit: one row for each write, and one row for identical refusals within a minute. */
export const audit = auth.table(
  'audit',
  {
    id: uuid().primaryKey(),
    at: moment().notNull(),
    key_id: bytewiseText(),
    address: text(),
    method: text().notNull(),
    route: text().notNull(),
    target: text(),
    status: smallint().notNull(),
    request_id: text().notNull(),
    count: integer().notNull(),
  },
  (row) => [index('audit_at').on(row.at, row.id)],
)
