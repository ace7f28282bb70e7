import { sql } from 'drizzle-orm'
import { bigint, boolean, check, jsonb, pgSchema, text } from 'drizzle-orm/pg-core'
import { moment } from './column-types.ts'

/** What the shell owns. Migrations are generated from these tables (CONTRIBUTING.md). */
export const core = pgSchema('core')

/** The published dataset as readers see it; one row. */
export const generation = core.table(
  'generation',
  {
    only_row: boolean().primaryKey().default(true),
    number: bigint({ mode: 'number' }).notNull().default(0),
    published_at: moment(),
    last_observed_at: moment(),
    stale_before: moment(),
    stats: jsonb().$type<Record<string, number>>().notNull().default(sql`'{}'`),
  },
  () => [check('generation_only_row_check', sql`only_row`)],
)

/** Events, each a row of the transaction that it tells about. */
export const outbox = core.table('outbox', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  type: text().notNull(),
  payload: jsonb().notNull(),
  created_at: moment().notNull().defaultNow(),
})

/** How far each consumer of the outbox has come. */
export const consumers = core.table('consumers', {
  name: text().primaryKey(),
  last_event_id: bigint({ mode: 'number' }).notNull().default(0),
  updated_at: moment().notNull().defaultNow(),
})
