import { type Static, Type } from '@sinclair/typebox'
import { choice, nullable } from '../../../src/http/contract/endpoint.ts'
import { PROMOTION_KINDS } from '../terms/promotion.ts'

const moment = nullable(Type.String({ format: 'date-time' }))
const maybeText = nullable(Type.String())

const terms = {
  id: Type.Integer(),
  promotion_id: Type.String({
    description: 'The chain’s own number of it; not unique across stores or time.',
  }),
  chain_id: Type.String(),
  chain_name: maybeText,
  description: maybeText,
  remark: maybeText,
  kind: choice(PROMOTION_KINDS, {
    description:
      'bundle_price: `quantity` units, in any mix, for `price` (one unit: a plain promotional price); price_per_kg: from `quantity` on, a kilogram for `price`; percent_off; amount_off; nth_unit: of every `quantity` units the cheapest is `percent` cheaper; gift: no price follows from it.',
  }),
  computable: Type.Boolean({ description: 'Whether a price follows from it.' }),
  not_computable: nullable(Type.String({ description: 'Why none does.' })),
  quantity: Type.Number({ description: 'Units, or kilograms of what is weighed, that it takes.' }),
  price: nullable(Type.Number()),
  amount_off: nullable(Type.Number()),
  percent: nullable(Type.Number({ description: 'Percent off; 100 is free.' })),
  max_quantity: nullable(Type.Number({ description: 'Of how much a basket may have it at most.' })),
  min_basket: nullable(Type.Number({ description: 'What the basket must cost at least.' })),
  clubs: Type.Array(Type.String(), {
    description: 'For members of any of these clubs of the chain; empty: for everyone.',
  }),
  coupon: Type.Boolean({ description: 'Only with its coupon.' }),
  starts_at: moment,
  ends_at: moment,
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
  quantity: 2,
  price: 20,
  amount_off: null,
  percent: null,
  max_quantity: null,
  min_basket: null,
  clubs: [],
  coupon: false,
  starts_at: '2026-08-01T00:00:00+03:00',
  ends_at: '2026-08-31T23:59:00+03:00',
  product_count: 2,
  store_count: 41,
}

/** The terms of a promotion. */
export const promotionShape = Type.Object(terms, { title: 'Promotion', example })
export type PromotionRow = Static<typeof promotionShape>

/** The same with its items and stores. */
export const promotionDetailShape = Type.Object(
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
export type PromotionDetail = Static<typeof promotionDetailShape>

/** What so much of a product costs in a store. */
export const effectivePriceShape = Type.Object(
  {
    product: Type.Object({
      id: Type.Integer(),
      name: Type.String(),
      barcode: nullable(Type.String()),
    }),
    store: Type.Object({
      id: Type.Integer(),
      name: maybeText,
      chain: maybeText,
      chain_id: Type.String(),
    }),
    date: Type.String({ format: 'date', description: 'The day whose promotions count.' }),
    quantity: Type.Number({ description: 'Units, or kilograms of what is weighed.' }),
    is_weighted: Type.Boolean(),
    price: Type.Number({ description: 'Of one unit or kilogram on the shelf.' }),
    shelf_total: Type.Number(),
    total: Type.Number({ description: 'With promotions.' }),
    savings: Type.Number(),
    promotions: Type.Array(
      Type.Object({
        id: Type.Integer(),
        description: maybeText,
        times: Type.Integer({ description: 'Bundles, or groups of n.' }),
        quantity: Type.Number({ description: 'How much of the product it took.' }),
        savings: Type.Number(),
      }),
      { description: 'Those that were applied.' },
    ),
    not_computed: Type.Array(Type.Object({ id: Type.Integer(), reason: Type.String() }), {
      description: 'Promotions that may make it cheaper, and cannot be computed.',
    }),
    exact: Type.Boolean({ description: 'Whether no legal combination of promotions is cheaper.' }),
  },
  {
    title: 'EffectivePrice',
    example: {
      product: { id: 1234, name: 'שישיית מים', barcode: '7290000000123' },
      store: { id: 456, name: 'שלי ירושלים', chain: 'שופרסל', chain_id: '7290027600007' },
      date: '2026-08-20',
      quantity: 3,
      is_weighted: false,
      price: 12.9,
      shelf_total: 38.7,
      total: 32.9,
      savings: 5.8,
      promotions: [
        { id: 4711, description: 'שישיית מים 2 ב 20', times: 1, quantity: 2, savings: 5.8 },
      ],
      not_computed: [{ id: 4712, reason: 'a gift or a text, not a price' }],
      exact: true,
    },
  },
)
export type EffectivePrice = Static<typeof effectivePriceShape>
