import { type Static, Type } from '@sinclair/typebox'
import { nullable } from '../../../src/http/contract/value-schemas.ts'

const maybeText = nullable(Type.String())
const money = (description: string) => Type.Number({ description })

const appliedHere = Type.Object({
  id: Type.Integer(),
  quantity: Type.Number({ description: 'How much of the line it took.' }),
  discount: Type.Number({ description: 'What it takes off the line.' }),
})

/** The part of a basket that one store sells. */
export const pricedPart = {
  items: Type.Array(
    Type.Object({
      product_id: Type.Integer(),
      quantity: Type.Number({ description: 'Units, or kilograms of what is weighed.' }),
      price: money('Of one unit or kilogram on the shelf.'),
      total: money('Of the line, with promotions.'),
      promotions: Type.Array(appliedHere),
    }),
    { description: 'By product id.' },
  ),
  promotions: Type.Array(
    Type.Object({
      id: Type.Integer(),
      description: maybeText,
      times: Type.Integer({ description: 'Bundles, or groups of n.' }),
      quantity: Type.Number({ description: 'How much it took in all.' }),
      discount: Type.Number({ description: 'What it takes off in all.' }),
    }),
    { description: 'Those that were applied.' },
  ),
  not_computed: Type.Array(
    Type.Object({
      id: Type.Integer(),
      description: maybeText,
      reason: Type.String(),
      product_ids: Type.Array(Type.Integer()),
    }),
    { description: 'Promotions that may make it cheaper, and cannot be computed.' },
  ),
  exact: Type.Boolean({ description: 'Whether no legal combination of promotions is cheaper.' }),
}

/** The basket as the server read it, and the data that the response is based on. */
export const basketBasis = {
  basket_items: Type.Integer({
    description: 'The different products that are asked for, known or not.',
  }),
  items: Type.Array(
    Type.Object({
      product_id: Type.Integer(),
      name: Type.String(),
      barcode: maybeText,
      quantity: Type.Number(),
      is_weighted: Type.Boolean(),
    }),
  ),
  unknown: Type.Array(Type.String(), {
    description: 'Barcodes that no store has had: the rest of the answer leaves them out.',
  }),
  date: Type.String({ format: 'date', description: 'The day whose prices and promotions count.' }),
  store_count: Type.Integer({ description: 'The stores that are compared.' }),
  stale_stores: Type.Integer({
    description: 'Matching stores that were not observed lately: not compared.',
  }),
  observation_date: nullable(
    Type.String({
      format: 'date',
      description: 'The day in Israel on which the newest of the stores was observed.',
    }),
  ),
  oldest_observation_date: nullable(
    Type.String({ format: 'date', description: 'The same of the oldest.' }),
  ),
}

export const storeColumns = {
  store_id: Type.Integer(),
  store_name: maybeText,
  chain_id: Type.String(),
  chain_name: maybeText,
  city: maybeText,
}

const basisExample = {
  basket_items: 3,
  items: [
    {
      product_id: 1234,
      name: 'חלב 3% 1 ליטר',
      barcode: '7290000000123',
      quantity: 1,
      is_weighted: false,
    },
    {
      product_id: 5678,
      name: 'שישיית מים',
      barcode: '7290000000456',
      quantity: 3,
      is_weighted: false,
    },
  ],
  unknown: ['7290000000999'],
  date: '2026-08-20',
  store_count: 2,
  stale_stores: 0,
  observation_date: '2026-08-20',
  oldest_observation_date: '2026-08-20',
}

const partExample = {
  items: [
    { product_id: 1234, quantity: 1, price: 6.5, total: 6.5, promotions: [] },
    {
      product_id: 5678,
      quantity: 3,
      price: 12.9,
      total: 32.9,
      promotions: [{ id: 4711, quantity: 2, discount: 5.8 }],
    },
  ],
  promotions: [
    { id: 4711, description: 'שישיית מים 2 ב 20', times: 1, quantity: 2, discount: 5.8 },
  ],
  not_computed: [],
  exact: true,
}

const storeExample = {
  store_id: 456,
  store_name: 'שלי ירושלים',
  chain_id: '7290027600007',
  chain_name: 'שופרסל',
  city: 'ירושלים',
}

/** The response with a basket's cost in each store. */
export const basketCostSchema = Type.Object(
  {
    ...basketBasis,
    complete_stores: Type.Integer({ description: 'Those of the stores that sell all of it.' }),
    comparison: Type.Array(
      Type.Object({
        rank: nullable(
          Type.Integer({
            description: 'Among the stores that sell all of it; equal totals share a rank.',
          }),
        ),
        ...storeColumns,
        total_cost: money('Of what the store sells of the basket, with promotions.'),
        shelf_cost: money('The same without promotions.'),
        savings: nullable(
          money('Against the cheapest store that sells all of it: 0, or less. Null for a part.'),
        ),
        complete: Type.Boolean(),
        coverage: Type.Number({ description: 'The share of the basket’s products that it sells.' }),
        missing: Type.Array(Type.Integer(), {
          description: 'The ids of products that it does not sell.',
        }),
        ...pricedPart,
        observation_date: Type.String({
          format: 'date',
          description: 'The day on which the store was last observed.',
        }),
        stale: Type.Boolean(),
      }),
      {
        description:
          'The stores that sell all of it first, cheapest first; then those that sell most of it.',
      },
    ),
  },
  {
    title: 'BasketCost',
    example: {
      ...basisExample,
      complete_stores: 1,
      comparison: [
        {
          ...{ rank: 1, ...storeExample, total_cost: 39.4, shelf_cost: 45.2, savings: 0 },
          ...{ complete: true, coverage: 1, missing: [], ...partExample },
          ...{ observation_date: '2026-08-20', stale: false },
        },
      ],
    },
  },
)
export type BasketCost = Static<typeof basketCostSchema>

const totals = {
  total_cost: money('Of goods and visits.'),
  goods_cost: money('With promotions.'),
  visits_cost: money('Of all visits.'),
  complete: Type.Boolean(),
  missing: Type.Array(Type.Integer(), {
    description: 'The ids of products that none of the stores sells.',
  }),
}
const totalsExample = {
  total_cost: 41.4,
  goods_cost: 31.4,
  visits_cost: 10,
  complete: true,
  missing: [],
}

/** The response with the cheapest way to buy a basket in a few stores. */
export const basketOptimumSchema = Type.Object(
  {
    ...basketBasis,
    max_stores: Type.Integer(),
    visit_cost: money('Of one visit.'),
    ...totals,
    stores: Type.Array(
      Type.Object({
        ...storeColumns,
        cost: money('Of its items, with promotions.'),
        shelf_cost: Type.Number(),
        ...pricedPart,
      }),
      { description: 'The stores to visit, and what to buy in each of them.' },
    ),
    options: Type.Array(
      Type.Object({
        max_stores: Type.Integer(),
        store_ids: Type.Array(Type.Integer()),
        ...totals,
        saves: nullable(
          money(
            'Against at most one store less; null where that buys less of the basket, and for one store.',
          ),
        ),
      }),
      { description: 'The best with at most one store, at most two, and so on.' },
    ),
    exact: Type.Boolean({
      description: 'Whether nothing is cheaper: every price that was compared is exact.',
    }),
  },
  {
    title: 'BasketOptimum',
    example: {
      ...basisExample,
      ...{ max_stores: 2, visit_cost: 5, ...totalsExample },
      stores: [
        { ...storeExample, cost: 24.9, shelf_cost: 30.7, ...partExample },
        {
          ...{
            store_id: 789,
            store_name: 'תלפיות',
            chain_id: '7290058140886',
            chain_name: 'רמי לוי',
            city: 'ירושלים',
          },
          ...{ cost: 6.5, shelf_cost: 6.5, promotions: [], not_computed: [], exact: true },
          items: [{ product_id: 9, quantity: 1, price: 6.5, total: 6.5, promotions: [] }],
        },
      ],
      options: [
        {
          max_stores: 1,
          store_ids: [456],
          ...totalsExample,
          total_cost: 44.4,
          goods_cost: 39.4,
          visits_cost: 5,
          saves: null,
        },
        { max_stores: 2, store_ids: [456, 789], ...totalsExample, saves: 3 },
      ],
      exact: true,
    },
  },
)
export type BasketOptimum = Static<typeof basketOptimumSchema>
