import { type Static, Type } from '@sinclair/typebox'
import type { ListInput } from '../../../src/http/contract/route.ts'
import {
  choice,
  dateTime,
  day,
  idNumber,
  nullable,
  text,
} from '../../../src/http/contract/value-schemas.ts'
import { chainId } from '../../catalog/index.ts'
import { DESCRIPTION_CHECKS } from '../descriptions/compare-description.ts'
import { DIFFERENCES } from '../descriptions/described-price.ts'
import { CONDITION_SOURCES } from '../descriptions/settle-terms.ts'
import { PROMOTION_KINDS } from '../terms/promotion.ts'

export const promotionFilters = {
  store_id: Type.Optional(idNumber(456)),
  chain_id: Type.Optional(chainId),
  active_on: Type.Optional(day('2026-08-20', 'Promotions that ran on this day.')),
  club: Type.Optional(
    text('1', 'For members of this club of the chain, or for everyone; 0: for everyone only.'),
  ),
  coupon: Type.Optional(
    Type.Boolean({ example: false, description: 'Whether it takes a coupon.' }),
  ),
  kind: Type.Optional(choice(PROMOTION_KINDS, { example: 'bundle_price' })),
  computable: Type.Optional(Type.Boolean({ example: true })),
  include_ended: Type.Optional(
    Type.Boolean({
      example: false,
      description: 'Also those that have ended and are still listed; not beside `active_on`.',
    }),
  ),
}

export const promotionsQuery = { ...promotionFilters, product_id: Type.Optional(idNumber(1234)) }
export type PromotionsQuery = ListInput<typeof promotionsQuery>

export const productParams = { id: idNumber(1234) }
export type ProductPromotionsQuery = ListInput<typeof promotionFilters, typeof productParams>

const terms = {
  id: Type.Integer(),
  promotion_id: Type.String({
    description: 'The chain’s own number of it; not unique across stores or time.',
  }),
  chain_id: Type.String(),
  chain_name: nullable(Type.String()),
  description: nullable(Type.String()),
  remark: nullable(Type.String()),
  kind: choice(PROMOTION_KINDS, {
    description:
      'bundle_price: `quantity` units, in any mix, for `price` (one unit: a plain promotional price); price_per_kg: from `quantity` on, a kilogram for `price`; percent_off; amount_off; nth_unit: of every `quantity` units the cheapest is `percent` cheaper; gift: no price follows from it.',
  }),
  computable: Type.Boolean({
    description: 'Whether a price follows from it, for at least one of its items.',
  }),
  not_computable: nullable(Type.String({ description: 'Why none does.' })),
  described: choice(DESCRIPTION_CHECKS, {
    description:
      'Whether its description says the same as its cells. One that it contradicts is not computable, and part of no price.',
  }),
  difference: nullable(
    choice(DIFFERENCES, {
      description:
        'Why its description shows another figure for the same price: without VAT (Eilat), the bottle deposit, rounding, a missing decimal point.',
    }),
  ),
  conditions_from: choice(CONDITION_SOURCES, {
    description:
      'Where its limit, minimum, coupon and clubs stand: in the cells, in the description only, or in both. `cells` where it has none.',
  }),
  condition_words: Type.Array(Type.String(), {
    description: 'The words of the description that state a condition or settle what it gives.',
  }),
  quantity: Type.Number({ description: 'Units, or kilograms of what is weighed, that it takes.' }),
  price: nullable(Type.Number()),
  amount_off: nullable(Type.Number()),
  percent: nullable(Type.Number({ description: 'Percent off; 100 is free.' })),
  max_quantity: nullable(Type.Number({ description: 'Of how much a basket may have it at most.' })),
  min_basket: nullable(
    Type.Number({
      description:
        'What the rest of the basket must cost at least on the shelf; its own items do not count.',
    }),
  ),
  clubs: Type.Array(Type.String(), {
    description: 'For members of any of these clubs of the chain; empty: for everyone.',
  }),
  coupon: Type.Boolean({ description: 'Only with its coupon.' }),
  weekdays: nullable(
    Type.Array(Type.Integer(), {
      description: 'The days of the week on which it holds, 0 (Sunday) to 6; null: every day.',
    }),
  ),
  starts_at: nullable(dateTime()),
  ends_at: nullable(dateTime()),
  product_count: Type.Integer({ description: 'Its items that are sold, or were.' }),
  store_count: Type.Integer({
    description: 'The stores that list it (on the day that is asked for, or now).',
  }),
}

const example = {
  id: 4711,
  promotion_id: '1348419',
  chain_id: '7290027600007',
  chain_name: 'שופרסל',
  description: 'שישיית מים 2 ב 20',
  remark: null,
  kind: 'bundle_price',
  computable: true,
  not_computable: null,
  described: 'agrees',
  difference: null,
  conditions_from: 'cells',
  condition_words: [],
  quantity: 2,
  price: 20,
  amount_off: null,
  percent: null,
  max_quantity: null,
  min_basket: null,
  clubs: [],
  coupon: false,
  weekdays: null,
  starts_at: '2026-08-01T00:00:00+03:00',
  ends_at: '2026-08-31T23:59:00+03:00',
  product_count: 2,
  store_count: 41,
}

/** The terms of a promotion. */
export const promotionSchema = Type.Object(terms, { title: 'Promotion', example })
export type PromotionRow = Static<typeof promotionSchema>

/** The terms of a promotion with its items and stores. */
export const promotionDetailSchema = Type.Object(
  {
    ...terms,
    products: Type.Array(
      Type.Object({ id: Type.Integer(), name: Type.String(), barcode: nullable(Type.String()) }),
      {
        description: 'Its items that are sold, or were.',
      },
    ),
    unknown_codes: Type.Array(Type.String(), { description: 'Items that no price list has had.' }),
    gift_codes: Type.Array(Type.String(), { description: 'Items that it gives.' }),
    store_ids: Type.Array(Type.Integer(), { description: 'The stores that list it now.' }),
  },
  {
    title: 'PromotionDetail',
    example: {
      ...example,
      products: [{ id: 1234, name: 'מים מינרליים 6×2 ליטר', barcode: '7290000000123' }],
      unknown_codes: ['7290000000999'],
      gift_codes: [],
      store_ids: [456],
    },
  },
)
export type PromotionDetail = Static<typeof promotionDetailSchema>
