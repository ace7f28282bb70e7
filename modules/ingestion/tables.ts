import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgSchema,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import { bytea, bytewiseText, moment } from '../../src/db/column-types.ts'
import { settledByText } from '../pricing/index.ts'

/** Tables of the ingestion schema. Migrations are generated from them (CONTRIBUTING.md). */
export const ingestion = pgSchema('ingestion')

export const runs = ingestion.table(
  'runs',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    status: text({ enum: ['running', 'completed', 'failed'] }).notNull(),
    trigger: text().notNull(),
    started_at: moment().notNull().defaultNow(),
    finished_at: moment(),
    summary: jsonb().$type<Record<string, unknown>>(),
    error: text(),
  },
  () => [check('runs_status_check', sql`status in ('running', 'completed', 'failed')`)],
)

/** Loaded dataset versions. */
export const datasets = ingestion.table(
  'datasets',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    dataset_id: text().notNull(),
    version: text().notNull(),
    download_date: date(),
    total_files: integer().notNull().default(0),
    total_records: bigint({ mode: 'number' }).notNull().default(0),
    manifest_path: text().notNull(),
    status: text({ enum: ['processing', 'completed', 'failed'] }).notNull(),
    created_at: moment().notNull().defaultNow(),
    completed_at: moment(),
  },
  (dataset) => [
    unique().on(dataset.dataset_id, dataset.version),
    check('datasets_status_check', sql`status in ('processing', 'completed', 'failed')`),
  ],
)

/** Registered datasets to load from. */
export const sources = ingestion.table(
  'sources',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    name: text().notNull().unique(),
    description: text(),
    source_url: text().notNull(),
    kind: text({ enum: ['kaggle', 'directory', 'zip'] }).notNull(),
    enabled: boolean().notNull().default(true),
    created_at: moment().notNull().defaultNow(),
    updated_at: moment().notNull().defaultNow(),
  },
  () => [check('sources_kind_check', sql`kind in ('kaggle', 'directory', 'zip')`)],
)

/** Dataset files that were read completely and published. */
export const files = ingestion.table(
  'files',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    dataset_id: integer()
      .notNull()
      .references(() => datasets.id),
    name: text().notNull(),
    sha256: bytea().notNull().unique(),
    bytes: bigint({ mode: 'number' }).notNull(),
    rows: bigint({ mode: 'number' }).notNull(),
    rejects: integer().notNull(),
    published_at: moment().notNull().defaultNow(),
  },
  (file) => [index('files_bytes').on(file.bytes)],
)

/** Rejected rows with their file and line. */
const reject = () => ({
  dataset: text().notNull(),
  file_name: text().notNull(),
  line: bigint({ mode: 'number' }).notNull(),
  reason: text().notNull(),
  raw: text().notNull(),
  list_sha256: bytea().notNull(),
  list_row: integer().notNull(),
})

export const rejects = ingestion.table(
  'rejects',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    run_id: integer()
      .notNull()
      .references(() => runs.id),
    ...reject(),
  },
  (row) => [
    unique().on(row.list_sha256, row.list_row, row.reason),
    index('rejects_run').on(row.run_id),
  ],
)

/**
 * Each distinct description of a product, by a hash of its cells, with the earliest list that has
 * it.
 */
export const wordings = ingestion.table('wordings', {
  wording: bigint({ mode: 'number' }).primaryKey(),
  first_observed_at: moment().notNull(),
})

/** Each distinct wording of promotion terms, by a hash of its cells. */
export const termsWordings = ingestion.table('terms_wordings', {
  wording: bigint({ mode: 'number' }).primaryKey(),
  terms_id: integer().notNull(),
})

/**
 * The dataset version of the staging tables below, in one row. The tables are unlogged, which
 * drizzle cannot express.
 */
export const staging = ingestion.table(
  'staging',
  {
    only_row: boolean().primaryKey().default(true),
    dataset_id: integer().notNull(),
  },
  () => [check('staging_only_row_check', sql`only_row`)],
)

/** The header of a list. The columns of its entries are four-byte little-endian numbers. */
const stagedList = () => ({
  sha256: bytea().primaryKey(),
  file: text().notNull(),
  store_id: integer().notNull(),
  observed_at: moment().notNull(),
  kind: text().notNull(),
  file_name: text().notNull(),
  content: bytea().notNull(),
  rows: integer().notNull(),
})

export const stagedLists = ingestion.table('staged_lists', {
  ...stagedList(),
  /** Products in ascending order, and their prices (0 = not for sale). */
  product_ids: bytea().notNull(),
  agorot: bytea().notNull(),
})

export const stagedChains = ingestion.table(
  'staged_chains',
  { chain_id: text().notNull(), slug: text().notNull() },
  (chain) => [primaryKey({ columns: [chain.chain_id, chain.slug] })],
)

export const stagedStores = ingestion.table(
  'staged_stores',
  { id: integer().primaryKey(), chain_id: text().notNull(), store_number: integer().notNull() },
  (store) => [unique().on(store.chain_id, store.store_number)],
)

export const stagedStoreFacts = ingestion.table(
  'staged_store_facts',
  {
    store_id: integer().notNull(),
    described_by: bytewiseText().notNull(),
    facts: jsonb().notNull(),
  },
  (said) => [primaryKey({ columns: [said.store_id, said.described_by] })],
)

export const stagedProducts = ingestion.table('staged_products', {
  id: integer().primaryKey(),
  code: text().notNull(),
  chain_id: text(),
})

export const stagedDescriptions = ingestion.table('staged_descriptions', {
  wording: bigint({ mode: 'number' }).notNull(),
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
})

export const stagedRejects = ingestion.table(
  'staged_rejects',
  { run_id: integer().notNull(), ...reject() },
  (row) => [unique().on(row.list_sha256, row.list_row, row.reason)],
)

export const stagedFiles = ingestion.table('staged_files', {
  sha256: bytea().primaryKey(),
  dataset_id: integer().notNull(),
  name: text().notNull(),
  bytes: bigint({ mode: 'number' }).notNull(),
  rows: bigint({ mode: 'number' }).notNull(),
  rejects: integer().notNull(),
})

export const stagedPromotionLists = ingestion.table('staged_promotion_lists', {
  ...stagedList(),
  /** Promotions in ascending order, and their terms (0 = switched off). */
  promotion_ids: bytea().notNull(),
  terms_ids: bytea().notNull(),
})

export const stagedPromotionKeys = ingestion.table('staged_promotion_keys', {
  id: integer().primaryKey(),
  chain_id: text().notNull(),
  code: text().notNull(),
})

export const stagedPromotionTerms = ingestion.table('staged_promotion_terms', {
  id: integer().primaryKey(),
  digest: bytea().notNull().unique(),
  chain_id: text().notNull(),
  code: text().notNull(),
  description: text(),
  kind: text().notNull(),
  not_computable: text(),
  quantity: integer().notNull(),
  weight_unsettled: boolean().notNull(),
  agorot: integer(),
  rate: integer(),
  max_quantity: integer(),
  min_basket_agorot: integer(),
  clubs: text().array().notNull(),
  coupon: boolean().notNull(),
  starts_at: moment(),
  ends_at: moment(),
  unit_agorot: integer(),
  unit_rate: integer(),
  unit_off: integer(),
  unit_goods: text(),
  remark: text(),
  reward_type: text(),
  combines: boolean(),
  extra: jsonb(),
  described: text().notNull(),
  codes: text().array().notNull(),
  gift_codes: text().array().notNull(),
  ...settledByText(),
})

export const stagedTermsWordings = ingestion.table('staged_terms_wordings', {
  wording: bigint({ mode: 'number' }).primaryKey(),
  terms_id: integer().notNull(),
})
