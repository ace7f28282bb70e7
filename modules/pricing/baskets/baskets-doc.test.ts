import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Promotion, PromotionKind } from '../terms/promotion.ts'
import { promotionOf } from '../testing/promotions.ts'
import { priceBasket } from './price-basket.ts'

/** An example of docs/baskets.md. Money is in shekels, quantities are in units or kilograms. */
type Example = {
  shelf: Record<string, number | { kg: number }>
  basket: Record<string, number>
  clubs?: string[]
  promotions: {
    kind: PromotionKind
    quantity: number
    price?: number
    rate?: number
    limit?: number
    minimum?: number
    clubs?: string[]
    on: string[]
  }[]
  total: number
}

const text = readFileSync(
  fileURLToPath(new URL('../../../docs/baskets.md', import.meta.url).href),
  'utf8',
)
const examples: Example[] = [...text.matchAll(/```json\n(.*?)```/gs)].map(([, json = '']) =>
  JSON.parse(json),
)

function scaled(amount: number | undefined, times: number): number | null {
  return amount === undefined ? null : Math.round(amount * times)
}

test('docs/baskets.md has an example of each kind of promotion', () => {
  const kinds = new Set(examples.flatMap(({ promotions }) => promotions.map(({ kind }) => kind)))
  expect([...kinds].sort()).toEqual([
    'amount_off',
    'bundle_price',
    'nth_unit',
    'percent_off',
    'price_per_kg',
  ])
})

const named = examples.map((example) => ({
  ...example,
  title: Object.keys(example.basket).join(', '),
}))

test.each(named)(
  'the total of an example in docs/baskets.md is correct: $title',
  ({ shelf, basket, clubs, promotions, total }) => {
    const names = Object.keys(shelf)
    const prices = new Map(
      Object.values(shelf).map((price, id) => {
        const isWeighted = typeof price === 'object'
        return [id, { agorot: Math.round((isWeighted ? price.kg : price) * 100), isWeighted }]
      }),
    )
    const lines = Object.entries(basket).map(([name, amount]) => {
      return { productId: names.indexOf(name), quantity: Math.round(amount * 1000) }
    })
    const offers: Promotion[] = promotions.map(
      ({ kind, quantity, price, rate, limit, minimum, clubs, on }, id) => {
        return promotionOf({
          id,
          kind,
          quantity: Math.round(quantity * 1000),
          agorot: scaled(price, 100),
          rate: scaled(rate, 100),
          maxQuantity: scaled(limit, 1000),
          minBasketAgorot: scaled(minimum, 100),
          clubs: clubs ?? [],
          productIds: on.map((name) => names.indexOf(name)),
        })
      },
    )
    const shopper = { day: '2026-03-10', clubs: clubs ?? [], coupons: [] }
    expect(priceBasket(lines, prices, offers, shopper)).toMatchObject({
      agorot: Math.round(total * 100),
      exact: true,
    })
  },
)
