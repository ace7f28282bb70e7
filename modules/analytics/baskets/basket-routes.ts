import { itemRoute } from '../../../src/http/contract/route.ts'
import { compareBasket, comparePostedBasket } from './basket-cost.ts'
import { optimizePostedBasket } from './basket-optimize.ts'
import { basketCostSchema, basketOptimumSchema } from './basket-responses.ts'
import { basketCostBody, basketCostQuery, basketOptimizeBody } from './basket-schemas.ts'

const COST = {
  path: '/v1/analytics/basket-cost',
  summary: 'What a basket costs in each store, promotions included',
  tag: 'analytics',
  responseSchema: basketCostSchema,
  errors: ['PRODUCT_NOT_FOUND', 'STORE_NOT_FOUND'],
  cost: 5,
} as const
const DESCRIPTION =
  'Every total is that of the cheapest legal combination of the store’s promotions (docs/baskets.md). Stores that sell all of the basket are ranked before those that do not.'

export const basketRoutes = [
  itemRoute({
    ...COST,
    operationId: 'getBasketCost',
    description: `${DESCRIPTION} One unit, or kilogram, of each product; a product that is given twice counts twice.`,
    query: basketCostQuery,
    handler: compareBasket,
  }),
  itemRoute({
    ...COST,
    method: 'POST',
    operationId: 'calculateBasketCost',
    description: DESCRIPTION,
    body: basketCostBody,
    handler: comparePostedBasket,
  }),
  itemRoute({
    method: 'POST',
    path: '/v1/analytics/basket-optimize',
    operationId: 'optimizeBasket',
    summary: 'The cheapest way to buy a basket in up to three stores',
    description:
      'Of all sets of stores and all ways to share the products among them, promotions included: the one that buys most of the basket, and of these the cheapest, with its visits. Each product is bought whole in one store. What cannot be proven in 5 seconds is refused.',
    tag: 'analytics',
    responseSchema: basketOptimumSchema,
    body: basketOptimizeBody,
    errors: ['PRODUCT_NOT_FOUND', 'STORE_NOT_FOUND', 'BASKET_TOO_HARD', 'OPTIMIZER_BUSY'],
    cost: 20,
    handler: optimizePostedBasket,
  }),
]
