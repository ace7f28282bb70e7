import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core'
import { bytea, moment } from '../../src/db/column-types.ts'
import { chains, stores } from '../catalog/index.ts'
import { DESCRIPTION_CHECKS } from './descriptions/compare-description.ts'
import { DIFFERENCES } from './descriptions/described-price.ts'
import { CONDITION_SOURCES } from './descriptions/settle-terms.ts'
import { PROMOTION_KINDS } from './terms/promotion.ts'

/** The schema of prices. Migrations are generated from these tables (CONTRIBUTING.md). */
export const pricing = pgSchema('pricing')

/** A list: one source file, which is an observation of its store. */
const list = () => ({
  id: integer().primaryKey().generatedByDefaultAsIdentity(),
  store_id: integer()
    .notNull()
    .references(() => stores.id),
  observed_at: moment().notNull(),
  kind: text({ enum: ['full', 'delta'] }).notNull(),
  file_name: text().notNull(),
  sha256: bytea().notNull().unique(),
  /** A digest of the list's content. */
  content: bytea().notNull(),
  rows: integer().notNull(),
})

export const priceLists = pricing.table(
  'price_lists',
  {
    ...list(),
    /** The products that a delta names; null for a full list. */
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
    index('prices_closed').on(price.valid_to).where(sql`valid_to is not null`),
    check('prices_agorot_check', sql`agorot > 0`),
    check('prices_check', sql`valid_to > valid_from`),
  ],
)

/** The spans of a product in one row: `ProductSpans`, packed. */
export const productSpans = pricing.table('product_spans', {
  product_id: integer().primaryKey(),
  spans: bytea().notNull(),
})

/**
 * A store's price level relative to the market, by category (`''` for products without one):
 * `computeStoreIndexes`.
 */
export const storeLevels = pricing.table(
  'store_levels',
  {
    category: text().notNull(),
    store_id: integer().notNull(),
    market_products: integer().notNull(),
    products: integer().notNull(),
    logs: doublePrecision().notNull(),
    squares: doublePrecision().notNull(),
  },
  (level) => [primaryKey({ columns: [level.category, level.store_id] })],
)

/** The observations of a chain on a day in Israel, counted when they are published. */
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
    /** Stores with a full price list. */
    full_stores: integer().notNull(),
    /** Rows of the last full list of promotions of each store. */
    promotions: integer().notNull(),
    promotion_lists: integer().notNull(),
  },
  (seen) => [primaryKey({ columns: [seen.chain_id, seen.day] })],
)

/** A promotion by the number that its chain gives it. */
export const promotionKeys = pricing.table(
  'promotion_keys',
  { id: integer().primaryKey(), chain_id: text().notNull(), code: text().notNull() },
  (promotion) => [unique().on(promotion.chain_id, promotion.code)],
)

/**
 * The terms that the cells state (`byCells` of `PromotionContent`), and the result of settling them
 * with the description. `difference` is why an equal price has a different figure; `item_agorot`
 * has prices of items by code.
 */
export const settledByText = () => ({
  by_cells: jsonb().$type<Record<string, unknown>>().notNull().default(sql`'{}'`),
  difference: text({ enum: DIFFERENCES }),
  conditions_from: text({ enum: CONDITION_SOURCES }).notNull().default(sql`'cells'`),
  condition_words: text().array().notNull().default(sql`'{}'`),
  weight_reading: text({ enum: ['kilogram', 'quantity'] }),
  item_agorot: jsonb().$type<Record<string, number>>(),
  weekdays: integer().array(),
})

/** The version of the rules that decided the settled columns of terms (`redecideTerms`). */
export const derivedTerms = pricing.table(
  'derived',
  { only_row: boolean().primaryKey().default(true), rules: text().notNull() },
  () => [check('derived_only_row_check', sql`only_row`)],
)

/** The terms of promotions, each wording once; units as in `PromotionTerms`. */
export const promotionTerms = pricing.table(
  'promotion_terms',
  {
    id: integer().primaryKey(),
    /** A digest of all fields. */
    digest: bytea().notNull().unique(),
    chain_id: text().notNull(),
    code: text().notNull(),
    description: text(),
    kind: text({ enum: PROMOTION_KINDS }).notNull(),
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
    /** The effect on one unit for any shopper: a price, a rate or an amount off. */
    unit_agorot: integer(),
    unit_rate: integer(),
    unit_off: integer(),
    /** The goods that this effect applies to. */
    unit_goods: text({ enum: ['units', 'weighed', 'any'] }),
    remark: text(),
    reward_type: text(),
    combines: boolean(),
    extra: jsonb(),
    /** The result of comparing the terms with the description. */
    described: text({ enum: DESCRIPTION_CHECKS }).notNull(),
    product_ids: integer().array().notNull(),
    /** Item codes that no price list has had. */
    unknown_codes: text().array().notNull(),
    gift_codes: text().array().notNull(),
    created_at: moment().notNull().defaultNow(),
    ...settledByText(),
    /** The reason why it cannot be computed for any of its items; null otherwise. */
    item_objection: text(),
  },
  (terms) => [index('promotion_terms_products').using('gin', terms.product_ids)],
)

export const promotionLists = pricing.table(
  'promotion_lists',
  {
    ...list(),
    /** The promotions that a delta names; null for a full list. */
    promotion_ids: integer().array(),
    created_at: moment().notNull().defaultNow(),
  },
  (one) => [
    index('promotion_lists_store').on(one.store_id, one.observed_at),
    check('promotion_lists_kind_check', sql`kind in ('full', 'delta')`),
    check('promotion_lists_check', sql`(kind = 'delta') = (promotion_ids is not null)`),
  ],
)

/** The terms of promotions in stores as spans of time, [valid_from, valid_to). */
export const promotions = pricing.table(
  'promotions',
  {
    promotion_id: integer().notNull(),
    store_id: integer().notNull(),
    valid_from: moment().notNull(),
    valid_to: moment(),
    terms_id: integer().notNull(),
    list_id: integer().notNull(),
  },
  (promotion) => [
    primaryKey({ columns: [promotion.promotion_id, promotion.store_id, promotion.valid_from] }),
    index('promotions_store').on(promotion.store_id, promotion.terms_id),
    index('promotions_terms').on(promotion.terms_id, promotion.store_id),
    check('promotions_check', sql`valid_to > valid_from`),
  ],
)

/**
 * The price of one unit for any shopper by a current promotion, where it is below the current shelf
 * price.
 */
export const sales = pricing.table(
  'sales',
  {
    product_id: integer().notNull(),
    store_id: integer().notNull(),
    terms_id: integer().notNull(),
    agorot: integer().notNull(),
    starts_on: date().notNull(),
    ends_on: date().notNull(),
  },
  (sale) => [
    primaryKey({ columns: [sale.product_id, sale.store_id, sale.terms_id] }),
    index('sales_store').on(sale.store_id, sale.product_id),
  ],
)

/**
 * Where one unit costs less on the newest day of the dataset than the store charged before
 * (docs/analytics.md, deals).
 */
export const reductions = pricing.table(
  'reductions',
  {
    product_id: integer().notNull(),
    store_id: integer().notNull(),
    /**
     * The price of one unit for any shopper: the shelf price, or the price by promotion `terms_id`,
     * which ends on `ends_on`.
     */
    agorot: integer().notNull(),
    shelf_agorot: integer().notNull(),
    terms_id: integer(),
    ends_on: date().notNull(),
    /**
     * The last day with a different price in the store. The 30 and 90 days before the reduction end
     * with it.
     */
    last_day: date().notNull(),
    low_30: integer().notNull(),
    median_30: integer().notNull(),
    days_30: integer().notNull(),
    low_90: integer().notNull(),
    median_90: integer().notNull(),
    days_90: integer().notNull(),
    /**
     * The median price in stores of other chains: those that are not stale, and (all_…) all of
     * them.
     */
    market_agorot: integer(),
    market_stores: integer().notNull(),
    all_market_agorot: integer(),
    all_market_stores: integer().notNull(),
  },
  (reduction) => [primaryKey({ columns: [reduction.product_id, reduction.store_id] })],
)
