import { Type } from '@sinclair/typebox'
import {
  choice,
  idNumber,
  listEndpoint,
  MAX_INTEGER,
  moment,
  oneEndpoint,
  text,
} from '../../src/http/contract/endpoint.ts'
import { categoryFilters, storeFilters } from '../catalog/index.ts'
import { coverageShape, priceShape, productInStoreShape, storeOfProductShape } from './shapes.ts'

const PRICE_SORTS = ['product_id', 'store_id', 'valid_from', 'price'] as const

const code = Type.String({ pattern: '^[0-9]{1,20}$', example: '7290000000123' })
const chainId = Type.Optional(Type.String({ pattern: '^[0-9]{1,20}$', example: '7290027600007' }))
const money = (example: number) =>
  Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000, example }))
const range = {
  from: Type.Optional(
    moment(
      '2026-08-10',
      'Prices that held at this moment or after it; Israel time unless it carries an offset.',
    ),
  ),
  to: Type.Optional(
    moment('2026-08-20', 'Prices that held before this moment; a date alone is that whole day.'),
  ),
}
const times = {
  ...range,
  as_of: Type.Optional(
    moment(
      '2026-08-15T12:00:00+03:00',
      'The prices that held at this moment; a date alone is the end of that day.',
    ),
  ),
}
const prices = {
  price_min: money(5),
  price_max: money(10),
  on_sale: Type.Optional(
    Type.Boolean({
      example: true,
      description: 'Whether a promotion for everyone makes one unit cheaper today.',
    }),
  ),
}
const CURRENT =
  'Without `from`, `to` and `as_of`, the prices that hold now. Prices of stale stores are shown and marked.'

export const priceList = listEndpoint({
  summary: 'Prices',
  description: CURRENT,
  tag: 'prices',
  shape: priceShape,
  query: {
    product_id: Type.Optional(
      Type.Array(idNumber(1234), {
        maxItems: 100,
        description: 'Up to 100, repeated or with commas.',
      }),
    ),
    barcode: Type.Optional(
      Type.Array(code, { maxItems: 100, description: 'Up to 100, repeated or with commas.' }),
    ),
    code: Type.Optional(
      text(
        '1048',
        'A chain’s internal code (of every chain that has it, unless chain_id is given).',
      ),
    ),
    ...categoryFilters,
    store_id: Type.Optional(idNumber(456)),
    store_number: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_INTEGER, example: 413 })),
    city: storeFilters.city,
    chain_id: chainId,
    ...prices,
    ...times,
    max_age_days: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 3650,
        example: 3,
        description:
          'Last observed at most so many days before the newest observation of the dataset.',
      }),
    ),
  },
  sorts: PRICE_SORTS,
})

export const onePrice = oneEndpoint({
  summary: 'One price',
  tag: 'prices',
  shape: priceShape,
  params: {
    id: Type.String({
      pattern: '^[1-9][0-9]{0,8}-[1-9][0-9]{0,8}-[0-9]{8}T[0-9]{6}$',
      example: '1234-456-20260809T030000',
    }),
  },
  errors: ['PRICE_NOT_FOUND'],
})

export const productPrices = listEndpoint({
  summary: 'A product’s prices in time',
  description:
    'One row for each span of time with the same price, newest first; with `granularity=day` one for each day that the product was seen in a store (its last price of that day).',
  tag: 'products',
  shape: priceShape,
  params: { id: idNumber(1234) },
  query: {
    ...range,
    chain_id: chainId,
    store_id: Type.Optional(idNumber(456)),
    granularity: Type.Optional(choice(['span', 'day'], { example: 'span' })),
  },
  sorts: ['valid_from', 'store_id', 'price'],
  errors: ['PRODUCT_NOT_FOUND'],
})

export const productStores = listEndpoint({
  summary: 'Who sells a product now, and for how much',
  description: 'Cheapest first; stale stores after all others.',
  tag: 'products',
  shape: storeOfProductShape,
  params: { id: idNumber(1234) },
  query: storeFilters,
  sorts: ['price', 'store_id', 'valid_from', 'stale'],
  errors: ['PRODUCT_NOT_FOUND'],
})

export const storePrices = listEndpoint({
  summary: 'A store’s prices',
  description: CURRENT,
  tag: 'stores',
  shape: priceShape,
  params: { id: idNumber(456) },
  query: { ...prices, ...times },
  sorts: PRICE_SORTS,
  errors: ['STORE_NOT_FOUND'],
})

export const storeProducts = listEndpoint({
  summary: 'What a store sells now',
  tag: 'stores',
  shape: productInStoreShape,
  params: { id: idNumber(456) },
  query: prices,
  sorts: ['product_id', 'price', 'valid_from'],
  errors: ['STORE_NOT_FOUND'],
})

export const coverageList = listEndpoint({
  summary: 'What was seen of each chain on each day',
  description: 'Newest day first.',
  tag: 'metadata',
  shape: coverageShape,
  query: {
    chain_id: chainId,
    from: Type.Optional(
      moment(
        '2026-08-10',
        'The day of this moment or later ones; Israel time unless it carries an offset.',
      ),
    ),
    to: Type.Optional(
      moment('2026-08-20', 'Days that begin before this moment; a date alone is that day too.'),
    ),
  },
  sorts: ['observation_date', 'chain_id', 'stores', 'items', 'promotions'],
})
