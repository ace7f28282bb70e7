import { sql } from 'drizzle-orm'
import { bigint, boolean, check, jsonb, pgSchema, text } from 'drizzle-orm/pg-core'
import { moment } from './column-types.ts'

/**
 * The tables of `src` itself, outside the modules. Migrations are generated from these tables
 * (CONTRIBUTING.md).
 */
export const core = pgSchema('core')

/** The current generation of the published dataset; one row. */
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

/** Events, each written in the transaction that it describes. */
export const outbox = core.table('outbox', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  type: text().notNull(),
  payload: jsonb().notNull(),
  created_at: moment().notNull().defaultNow(),
})

/** The progress of each consumer of the outbox. */
export const consumers = core.table('consumers', {
  name: text().primaryKey(),
  last_event_id: bigint({ mode: 'number' }).notNull().default(0),
  updated_at: moment().notNull().defaultNow(),
})
