import { itemRoute, listRoute } from '../../../src/http/contract/route.ts'
import { idNumber } from '../../../src/http/contract/value-schemas.ts'
import { findPromotion, listProductPromotions, listPromotions } from './promotion-queries.ts'
import {
  productParams,
  promotionDetailSchema,
  promotionFilters,
  promotionSchema,
  promotionsQuery,
} from './promotion-schemas.ts'

const SORTS = ['id', 'starts_at', 'ends_at', 'chain_id']
const WHEN =
  'Without `active_on`, the promotions that stores list now and that have not ended (unless `include_ended`); with it, those that a store listed and that ran on that day.'

export const promotionRoutes = [
  listRoute({
    path: '/v1/promotions',
    operationId: 'listPromotions',
    summary: 'Promotions',
    description: WHEN,
    tag: 'promotions',
    query: promotionsQuery,
    responseSchema: promotionSchema,
    sorts: SORTS,
    handler: listPromotions,
  }),
  itemRoute({
    path: '/v1/promotions/:id',
    operationId: 'getPromotion',
    summary: 'One promotion, with its items and stores',
    tag: 'promotions',
    params: { id: idNumber(4711) },
    responseSchema: promotionDetailSchema,
    errors: ['PROMOTION_NOT_FOUND'],
    handler: findPromotion,
  }),
  listRoute({
    path: '/v1/products/:id/promotions',
    operationId: 'listProductPromotions',
    summary: 'A product’s promotions',
    description: WHEN,
    tag: 'products',
    params: productParams,
    query: promotionFilters,
    responseSchema: promotionSchema,
    sorts: SORTS,
    errors: ['PRODUCT_NOT_FOUND'],
    handler: listProductPromotions,
  }),
]
