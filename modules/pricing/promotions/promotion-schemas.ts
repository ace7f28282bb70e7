import { Type } from '@sinclair/typebox'
import {
  choice,
  day,
  idNumber,
  listEndpoint,
  oneEndpoint,
  text,
} from '../../../src/http/contract/endpoint.ts'
import { PROMOTION_KINDS } from '../terms/promotion.ts'
import { effectivePriceShape, promotionDetailShape, promotionShape } from './promotion-shapes.ts'

const SORTS = ['id', 'starts_at', 'ends_at', 'chain_id'] as const
const WHEN =
  'Without `active_on`, the promotions that stores list now; with it, those that a store listed and that ran on that day.'

const filters = {
  store_id: Type.Optional(idNumber(456)),
  chain_id: Type.Optional(Type.String({ pattern: '^[0-9]{1,20}$', example: '7290027600007' })),
  active_on: Type.Optional(day('2026-08-20', 'Promotions that ran on this day.')),
  club: Type.Optional(
    text('1', 'For members of this club of the chain, or for everyone; 0: for everyone only.'),
  ),
  coupon: Type.Optional(
    Type.Boolean({ example: false, description: 'Whether it takes a coupon.' }),
  ),
  kind: Type.Optional(choice(PROMOTION_KINDS, { example: 'bundle_price' })),
  computable: Type.Optional(Type.Boolean({ example: true })),
}

export const promotionList = listEndpoint({
  summary: 'Promotions',
  description: WHEN,
  tag: 'promotions',
  shape: promotionShape,
  query: { ...filters, product_id: Type.Optional(idNumber(1234)) },
  sorts: SORTS,
})

export const onePromotion = oneEndpoint({
  summary: 'One promotion, with its items and stores',
  tag: 'promotions',
  shape: promotionDetailShape,
  params: { id: idNumber(4711) },
  errors: ['PROMOTION_NOT_FOUND'],
})

export const productPromotions = listEndpoint({
  summary: 'A product’s promotions',
  description: WHEN,
  tag: 'products',
  shape: promotionShape,
  params: { id: idNumber(1234) },
  query: filters,
  sorts: SORTS,
  errors: ['PRODUCT_NOT_FOUND'],
})

export const effectivePrice = oneEndpoint({
  summary: 'What so much of a product costs in a store today, promotions included',
  tag: 'products',
  shape: effectivePriceShape,
  params: { id: idNumber(1234) },
  query: {
    store_id: idNumber(456),
    quantity: Type.Optional(
      Type.Number({
        minimum: 0.001,
        maximum: 1000,
        example: 3,
        description: 'Units, or kilograms of what is weighed; 1 unless told.',
      }),
    ),
    club: Type.Optional(
      Type.Array(text('1'), {
        maxItems: 20,
        description: 'The clubs of the chain that one is in, repeated or with commas.',
      }),
    ),
    coupons: Type.Optional(
      Type.Boolean({ example: false, description: 'Whether one has the coupons.' }),
    ),
  },
  errors: ['PRODUCT_NOT_FOUND', 'STORE_NOT_FOUND', 'PRICE_NOT_FOUND'],
})
