import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  numeric,
  pgSchema,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import { bytewiseText, daterange, moment, tsvector } from '../../src/db/column-types.ts'

/** The schema of the catalog. Migrations are generated from these tables (CONTRIBUTING.md). */
export const catalog = pgSchema('catalog')

export const chains = catalog.table('chains', {
  id: text().primaryKey(),
  name: text(),
  slugs: text().array().notNull().default(sql`'{}'`),
  described_by: bytewiseText(),
  created_at: moment().notNull().defaultNow(),
  updated_at: moment().notNull().defaultNow(),
})

export const stores = catalog.table(
  'stores',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    chain_id: text()
      .notNull()
      .references(() => chains.id),
    store_number: integer().notNull(),
    name: text(),
    sub_chain_id: text(),
    sub_chain: text(),
    store_type: text(),
    city: text(),
    city_code: text(),
    address: text(),
    zip: text(),
    latitude: numeric({ precision: 9, scale: 6 }),
    longitude: numeric({ precision: 9, scale: 6 }),
    described_by: bytewiseText(),
    last_observed_at: moment(),
    created_at: moment().notNull().defaultNow(),
    updated_at: moment().notNull().defaultNow(),
  },
  (store) => [
    unique().on(store.chain_id, store.store_number),
    check('stores_store_number_check', sql`store_number >= 0`),
  ],
)

/** Settlements by CBS code, with their newest names from data.gov.il. */
export const settlements = catalog.table('settlements', {
  code: text().primaryKey(),
  name: text().notNull(),
  fetched_at: moment().notNull(),
})

/**
 * Products with their card: current prices in agorot, in stores that are not stale and (all_…) in
 * all stores.
 */
export const products = catalog.table(
  'products',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity(),
    code: text().notNull(),
    /** Null for a barcode, set for a chain's internal code. */
    chain_id: text().references(() => chains.id),
    name: text().notNull(),
    names: text().array().notNull(),
    manufacturer: text(),
    country: text(),
    unit_of_measure: text(),
    unit_quantity: numeric(),
    is_weighted: boolean().notNull().default(false),
    extra: jsonb(),
    search: tsvector().notNull(),
    min_agorot: integer(),
    max_agorot: integer(),
    sum_agorot: bigint({ mode: 'number' }),
    store_count: integer().notNull().default(0),
    all_min_agorot: integer(),
    all_max_agorot: integer(),
    all_sum_agorot: bigint({ mode: 'number' }),
    all_store_count: integer().notNull().default(0),
    chain_ids: text().array().notNull().default(sql`'{}'`),
    created_at: moment().notNull().defaultNow(),
    updated_at: moment().notNull().defaultNow(),
    /**
     * The days on which it is on sale in stores that are not stale, and the lowest price of each
     * range.
     */
    sale_days: daterange().array().notNull().default(sql`'{}'`),
    sale_agorot: integer().array().notNull().default(sql`'{}'`),
    category: text(),
    subcategory: text(),
    /** The table term that decided the category. */
    category_rule: text(),
  },
  (product) => [
    unique().on(product.code, product.chain_id).nullsNotDistinct(),
    index('products_search').using('gin', product.search),
    index('products_manufacturer').on(product.manufacturer),
    index('products_category').on(product.category, product.subcategory),
  ],
)

/** The words of search documents with their sounds: the candidates for spelling correction. */
export const searchWords = catalog.table(
  'search_words',
  {
    word: bytewiseText().primaryKey(),
    sounds: text().notNull(),
  },
  (word) => [index('search_words_sounds').using('gin', word.sounds.op('gin_trgm_ops'))],
)

/**
 * The version of the rules (`derive.ts`) by which the search words and categories of products were
 * derived.
 */
export const derived = catalog.table(
  'derived',
  {
    only_row: boolean().primaryKey().default(true),
    rules: text().notNull(),
  },
  () => [check('derived_only_row_check', sql`only_row`)],
)

/** Every wording that a chain has used for a product. */
export const productDescriptions = catalog.table(
  'product_descriptions',
  {
    product_id: integer().notNull(),
    chain_id: text().notNull(),
    hash: bigint({ mode: 'bigint' }).notNull(),
    first_observed_at: moment().notNull(),
    name: text(),
    manufacturer: text(),
    country: text(),
    unit_of_measure: text(),
    unit_quantity: numeric(),
    is_weighted: boolean().notNull(),
    extra: jsonb(),
  },
  (said) => [primaryKey({ columns: [said.product_id, said.chain_id, said.hash] })],
)
