import { type Static, Type } from '@sinclair/typebox'
import { choice, nullable } from '../../src/http/contract/endpoint.ts'

/** A product in an answer about many. */
export const productSnippet = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  barcode: nullable(Type.String()),
})

/** A store in an answer about many. */
export const storeSnippet = Type.Object({
  id: Type.Integer(),
  name: nullable(Type.String()),
  chain: nullable(Type.String()),
  chain_id: Type.String(),
  city: nullable(Type.String()),
})

export const snippetExamples = {
  product: { id: 1234, name: 'חלב 3% 1 ליטר', barcode: '7290000000123' },
  store: {
    id: 456,
    name: 'שלי ירושלים',
    chain: 'שופרסל',
    chain_id: '7290027600007',
    city: 'ירושלים',
  },
}

const range = {
  min: Type.Number(),
  max: Type.Number(),
  mean: Type.Number({ description: 'Rounded half up to agorot.' }),
  median: Type.Number({
    description: 'Of an even number of prices the mean of the two in the middle.',
  }),
  spread: Type.Number({ description: 'max − min.' }),
  spread_percent: Type.Number({ description: 'The spread in percent of min.' }),
  cheapest: Type.Array(Type.Integer(), { description: 'The ids of the stores that ask min.' }),
}

export const priceComparisonShape = Type.Object(
  {
    product: productSnippet,
    store_count: Type.Integer({ description: 'The stores that are compared.' }),
    stale_stores: Type.Integer({
      description: 'Stores that sell it too, but were not observed lately: not compared.',
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
    shelf: nullable(
      Type.Object(range, { description: 'Of the shelf prices; null when no store is compared.' }),
    ),
    with_promotions: nullable(
      Type.Object(
        {
          ...range,
          promoted_stores: Type.Integer({
            description: 'The stores where a promotion makes one unit cheaper.',
          }),
        },
        { description: 'Of what one unit costs anyone: the discount price where there is one.' },
      ),
    ),
    stores: Type.Array(
      Type.Object({
        rank: nullable(
          Type.Integer({
            description:
              'By shelf price; equal prices share a rank. Null for a stale store, unless asked for.',
          }),
        ),
        rank_with_promotions: nullable(Type.Integer()),
        store: storeSnippet,
        price: Type.Number(),
        discount_price: nullable(Type.Number()),
        observation_date: Type.String({
          format: 'date',
          description: 'The day on which the store was last observed.',
        }),
        stale: Type.Boolean(),
      }),
      { description: 'Every store that sells it, cheapest first at the shelf; stale stores last.' },
    ),
  },
  {
    title: 'PriceComparison',
    example: {
      product: snippetExamples.product,
      store_count: 2,
      stale_stores: 0,
      observation_date: '2026-08-20',
      oldest_observation_date: '2026-08-20',
      shelf: {
        min: 6.5,
        max: 7.11,
        mean: 6.81,
        median: 6.81,
        spread: 0.61,
        spread_percent: 9.38,
        cheapest: [456],
      },
      with_promotions: {
        ...{
          min: 5.9,
          max: 7.11,
          mean: 6.51,
          median: 6.51,
          spread: 1.21,
          spread_percent: 20.51,
          cheapest: [456],
        },
        promoted_stores: 1,
      },
      stores: [
        {
          rank: 1,
          rank_with_promotions: 1,
          store: snippetExamples.store,
          price: 6.5,
          discount_price: 5.9,
          observation_date: '2026-08-20',
          stale: false,
        },
      ],
    },
  },
)
export type PriceComparison = Static<typeof priceComparisonShape>

export const trendShape = Type.Object(
  {
    period_start: Type.String({ format: 'date', description: 'Of a week its Monday.' }),
    period_end: Type.String({ format: 'date', description: 'Its last day that is asked for.' }),
    min: Type.Number(),
    mean: Type.Number({ description: 'Rounded half up to agorot.' }),
    median: Type.Number({
      description: 'Of an even number of prices the mean of the two in the middle.',
    }),
    max: Type.Number(),
    price_count: Type.Integer({
      description:
        'The prices behind these: one for each product, store and day on which the store was observed.',
    }),
    store_count: Type.Integer(),
    product_count: Type.Integer(),
    change_percent: nullable(
      Type.Number({
        description:
          'Against the row before, over what both have (the same product in the same store): the geometric mean of the ratios. Null where they have nothing in common.',
      }),
    ),
    matched_count: Type.Integer({ description: 'How many products in stores that is over.' }),
  },
  {
    title: 'Trend',
    example: {
      ...{
        period_start: '2026-08-09',
        period_end: '2026-08-09',
        min: 5.9,
        mean: 6.81,
        median: 6.81,
        max: 7.5,
      },
      ...{
        price_count: 42,
        store_count: 42,
        product_count: 1,
        change_percent: -0.37,
        matched_count: 41,
      },
    },
  },
)
export type Trend = Static<typeof trendShape>

export const cheapStoreShape = Type.Object(
  {
    rank: nullable(
      Type.Integer({
        description: 'Among the stores that are asked for; null for one that is not ranked.',
      }),
    ),
    not_ranked: nullable(
      choice(['too_few_products', 'stale'], {
        description:
          'Why it is not: it sells fewer than 30 of the products, or was not observed lately.',
      }),
    ),
    store: storeSnippet,
    index: nullable(
      Type.Number({
        description:
          'Its prices in percent of the market’s: 100 is the market, 95 is 5% cheaper. Null without a product.',
      }),
    ),
    interval: nullable(
      Type.Object(
        { low: Type.Number(), high: Type.Number() },
        { description: 'The index with 95% confidence; null with fewer than two products.' },
      ),
    ),
    product_count: Type.Integer({ description: 'The products behind it.' }),
    market_products: Type.Integer({ description: 'All products that enough stores sell.' }),
    market_stores: Type.Integer({
      description:
        'The stores that make the market: all that sell such products and are not stale.',
    }),
    observation_date: Type.String({
      format: 'date',
      description: 'The day in Israel on which the store was last observed.',
    }),
    stale: Type.Boolean(),
  },
  {
    title: 'CheapStore',
    example: {
      ...{
        rank: 1,
        not_ranked: null,
        store: snippetExamples.store,
        index: 96.42,
        interval: { low: 96.11, high: 96.73 },
      },
      ...{
        product_count: 4120,
        market_products: 9840,
        market_stores: 211,
        observation_date: '2026-08-20',
        stale: false,
      },
    },
  },
)
export type CheapStore = Static<typeof cheapStoreShape>
