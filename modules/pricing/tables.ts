import { sql } from 'drizzle-orm'
import { check, date, index, integer, pgSchema, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytea, moment } from '../../src/db/column-types.ts'
import { chains, stores } from '../catalog/index.ts'

/** The schema of prices. The migrations make the tables; modules/tables.test.ts compares them with these. */
export const pricing = pgSchema('pricing')

/** One row a source file. */
export const priceLists = pricing.table(
  'price_lists',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    store_id: integer()
      .notNull()
      .references(() => stores.id),
    observed_at: moment().notNull(),
    kind: text({ enum: ['full', 'delta'] }).notNull(),
    file_name: text().notNull(),
    sha256: bytea().notNull().unique(),
    /** A digest of its products and prices. */
    content: bytea().notNull(),
    rows: integer().notNull(),
    /** What a delta names; null for a full list. */
    product_ids: integer().array(),
    created_at: moment().notNull().defaultNow(),
  },
  (list) => [
    index('price_lists_store').on(list.store_id, list.observed_at),
    check('price_lists_kind_check', sql`kind in ('full', 'delta')`),
    check('price_lists_check', sql`(kind = 'delta') = (product_ids is not null)`),
  ],
)

/** Prices as spans of time, [valid_from, valid_to). */
export const prices = pricing.table(
  'prices',
  {
    product_id: integer().notNull(),
    store_id: integer().notNull(),
    valid_from: moment().notNull(),
    valid_to: moment(),
    agorot: integer().notNull(),
    list_id: integer().notNull(),
  },
  (price) => [
    primaryKey({ columns: [price.product_id, price.store_id, price.valid_from] }),
    index('prices_store').on(price.store_id, price.product_id),
    check('prices_agorot_check', sql`agorot > 0`),
    check('prices_check', sql`valid_to > valid_from`),
  ],
)

/** What was seen of a chain on a day in Israel, counted when it is published. */
export const coverage = pricing.table(
  'coverage',
  {
    chain_id: text()
      .notNull()
      .references(() => chains.id),
    day: date().notNull(),
    stores: integer().notNull(),
    /** Rows of the last full list of each store. */
    items: integer().notNull(),
    full_lists: integer().notNull(),
    delta_lists: integer().notNull(),
    last_list_at: moment().notNull(),
  },
  (seen) => [primaryKey({ columns: [seen.chain_id, seen.day] })],
)
