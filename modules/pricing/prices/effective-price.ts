import { type Static, Type } from '@sinclair/typebox'
import { invalid, notFound } from '../../../src/http/contract/app-error.ts'
import { shekels } from '../../../src/http/contract/money.ts'
import type { ReadContext } from '../../../src/http/contract/read-context.ts'
import { type ItemInput, itemRoute } from '../../../src/http/contract/route.ts'
import { idNumber, nullable, text } from '../../../src/http/contract/value-schemas.ts'
import { findProduct, findStore } from '../../catalog/index.ts'
import { priceBasket } from '../baskets/price-basket.ts'
import { findStorePromotions } from '../promotions/store-promotions.ts'

const params = { id: idNumber(1234) }
const query = {
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
}
type Query = ItemInput<typeof params, typeof query>

/** The cost of a quantity of a product in a store. */
const effectivePriceSchema = Type.Object(
  {
    product: Type.Object({
      id: Type.Integer(),
      name: Type.String(),
      barcode: nullable(Type.String()),
    }),
    store: Type.Object({
      id: Type.Integer(),
      name: nullable(Type.String()),
      chain: nullable(Type.String()),
      chain_id: Type.String(),
    }),
    date: Type.String({ format: 'date', description: 'The day whose promotions count.' }),
    quantity: Type.Number({ description: 'Units, or kilograms of what is weighed.' }),
    is_weighted: Type.Boolean(),
    price: Type.Number({ description: 'Of one unit or kilogram on the shelf.' }),
    shelf_total: Type.Number(),
    total: Type.Number({ description: 'With promotions.' }),
    savings: Type.Number(),
    promotion_savings: Type.Number({ description: 'What promotions take off the shelf price.' }),
    promotions: Type.Array(
      Type.Object({
        id: Type.Integer(),
        description: nullable(Type.String()),
        times: Type.Integer({ description: 'Bundles, or groups of n.' }),
        quantity: Type.Number({ description: 'How much of the product it took.' }),
        savings: Type.Number(),
        promotion_savings: Type.Number({ description: 'What this promotion takes off.' }),
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
      promotion_savings: 5.8,
      promotions: [
        {
          id: 4711,
          description: 'שישיית מים 2 ב 20',
          times: 1,
          quantity: 2,
          savings: 5.8,
          promotion_savings: 5.8,
        },
      ],
      not_computed: [{ id: 4712, reason: 'a gift or a text, not a price' }],
      exact: true,
    },
  },
)
type EffectivePrice = Static<typeof effectivePriceSchema>

/**
 * Computes what a quantity of a product costs today in a store, promotions included: a basket of
 * one line.
 * @throws AppError PRODUCT_NOT_FOUND, STORE_NOT_FOUND, PRICE_NOT_FOUND if the store does not sell
 *   it, VALIDATION_ERROR for a fraction of a unit
 */
async function findEffectivePrice(context: ReadContext, query: Query): Promise<EffectivePrice> {
  const { day, db } = context
  const product = await findProduct(context, { id: query.id })
  const store = await findStore(context, { id: query.store_id })
  const [price] = await db<{ agorot: number }[]>`
    select agorot from pricing.prices
    where product_id = ${product.id} and store_id = ${store.id} and valid_to is null`
  if (price === undefined)
    throw notFound('PRICE_NOT_FOUND', `price of product ${product.id} in store ${store.id} now`)
  const quantity = Math.round((query.quantity ?? 1) * 1000)
  if (!product.is_weighted && quantity % 1000 !== 0)
    throw invalid({ field: 'quantity', message: 'must be whole: the product is sold by the unit' })
  const promotions = await findStorePromotions(context, {
    storeIds: [store.id],
    productIds: [product.id],
  })
  const priced = priceBasket(
    [{ productId: product.id, quantity }],
    new Map([[product.id, { agorot: price.agorot, isWeighted: product.is_weighted }]]),
    promotions.get(store.id) ?? [],
    { day, clubs: query.club ?? [], coupons: query.coupons === true ? true : [] },
  )
  const descriptions = new Map(
    promotions.get(store.id)?.map(({ id, description }) => [id, description]),
  )
  return {
    product: { id: product.id, name: product.product_name, barcode: product.barcode },
    store: {
      id: store.id,
      name: store.store_name,
      chain: store.chain_name,
      chain_id: store.chain_id,
    },
    date: day,
    quantity: quantity / 1000,
    is_weighted: product.is_weighted,
    price: shekels(price.agorot),
    shelf_total: shekels(priced.shelfAgorot),
    total: shekels(priced.agorot),
    savings: shekels(priced.shelfAgorot - priced.agorot),
    promotion_savings: shekels(priced.shelfAgorot - priced.agorot),
    promotions: priced.promotions.map(({ id, times, quantity, savedAgorot }) => ({
      id,
      description: descriptions.get(id) ?? null,
      times,
      quantity: quantity / 1000,
      savings: shekels(savedAgorot),
      promotion_savings: shekels(savedAgorot),
    })),
    not_computed: priced.notComputed.map(({ id, reason }) => ({ id, reason })),
    exact: priced.exact,
  }
}

export const effectivePriceRoutes = [
  itemRoute({
    path: '/v1/products/:id/effective-price',
    operationId: 'getEffectivePrice',
    summary: 'What so much of a product costs in a store today, promotions included',
    tag: 'products',
    params,
    query,
    responseSchema: effectivePriceSchema,
    errors: ['PRODUCT_NOT_FOUND', 'STORE_NOT_FOUND', 'PRICE_NOT_FOUND'],
    handler: findEffectivePrice,
  }),
]
