import { expect, test } from 'bun:test'
import fc from 'fast-check'
import {
  type BasketLine,
  type Promotion,
  priceBasket,
  type ShelfPrice,
} from '../../pricing/index.ts'
import { bruteForceOptimum } from '../testing/brute-force-optimum.ts'
import type { Instance, Plan, StoreOffer } from './instance.ts'
import { optimizeBasket } from './optimize-basket.ts'

/** Kept small for the gate; it also passes with some hundred thousand. */
const RUNS = 300
const SHOPPER = { day: '2026-03-10', clubs: [], coupons: true as const }
const PROMOTIONS = 8

/** The largest numbers of products and stores. */
type Size = { products: number; stores: number }

/** A promotion of any kind; its prices avoid fractions of an agora for weights and rates. */
const promotion = ({ products }: Size): fc.Arbitrary<Omit<Promotion, 'id'>> =>
  fc
    .record({
      kind: fc.constantFrom(
        'bundle_price',
        'bundle_price',
        'price_per_kg',
        'percent_off',
        'amount_off',
        'nth_unit',
      ),
      size: fc.constantFrom(1000, 1000, 2000, 3000),
      price: fc.integer({ min: 0, max: 12 }),
      rate: fc.integer({ min: 1, max: 10 }),
      limit: fc.constantFrom(null, null, null, 1000, 2000),
      minimum: fc.constantFrom(null, null, 1000, 2000, 4000),
      productIds: fc.uniqueArray(fc.integer({ min: 1, max: products }), {
        minLength: 1,
        maxLength: 4,
      }),
    })
    .map(({ kind, size, price, rate, limit, minimum, productIds }) => ({
      kind,
      notComputable: null,
      quantity: size,
      weightUnsettled: false,
      agorot: kind === 'amount_off' ? price * 60 : (price * 200 * size) / 1000,
      rate: kind === 'bundle_price' ? null : rate * 1000,
      maxQuantity: limit,
      minBasketAgorot: minimum,
      clubs: [],
      coupon: false,
      startsAt: null,
      endsAt: null,
      productIds,
    }))

const cents = fc.integer({ min: 1, max: 10 }).map((n) => n * 200)

/** A few lines and stores, some with equal price lists; promotions hold in some of the stores. */
const instance = ({ products, stores }: Size): fc.Arbitrary<Instance> =>
  fc
    .record({
      quantities: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: products }),
      weighted: fc.uniqueArray(fc.integer({ min: 1, max: products }), { maxLength: 2 }),
      promotions: fc.array(promotion({ products, stores }), { maxLength: PROMOTIONS }),
      prices: fc.array(
        fc.array(fc.oneof({ weight: 5, arbitrary: cents }, fc.constant(0)), {
          minLength: products,
          maxLength: products,
        }),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      stores: fc.array(
        fc.record({
          list: fc.nat({ max: 2 }),
          promoted: fc.array(fc.boolean(), { minLength: PROMOTIONS, maxLength: PROMOTIONS }),
        }),
        { minLength: 1, maxLength: stores },
      ),
      maxStores: fc.integer({ min: 1, max: 3 }),
      visitAgorot: fc.constantFrom(0, 0, 100, 700),
    })
    .map(({ quantities, weighted, promotions, prices, stores, maxStores, visitAgorot }) => {
      const lines = quantities.map(
        (quantity, i): BasketLine => ({ productId: i + 1, quantity: quantity * 1000 }),
      )
      const numbered = promotions.map((promotion, i) => ({ ...promotion, id: i + 1 }))
      const offers = stores.map(({ list, promoted }): StoreOffer => {
        const shelf = new Map<number, ShelfPrice>()
        for (const [i, agorot] of (prices[list % prices.length] ?? []).entries()) {
          if (agorot > 0) shelf.set(i + 1, { agorot, isWeighted: weighted.includes(i + 1) })
        }
        return {
          prices: shelf,
          promotions: numbered.filter((_, p) => promoted[p]),
          shopper: SHOPPER,
        }
      })
      return { lines, stores: offers, maxStores, visitAgorot }
    })

function costOf(
  plan: Plan,
  { lines, stores, visitAgorot }: Instance,
): { missing: number; agorot: number } {
  const bought = plan.stores.map(({ store, lines: own }) => {
    const { prices, promotions, shopper } = stores[store] as StoreOffer
    const { agorot, missing } = priceBasket(
      own.map((line) => lines[line] as BasketLine),
      prices,
      promotions,
      shopper,
    )
    expect(missing).toEqual([])
    return agorot
  })
  const goods = bought.reduce((sum, agorot) => sum + agorot, 0)
  expect(plan.agorot).toBe(goods)
  const places = plan.stores.flatMap(({ lines: own }) => own)
  expect(new Set(places).size).toBe(places.length)
  return { missing: lines.length - places.length, agorot: goods + plan.stores.length * visitAgorot }
}

test.each([
  { products: 5, stores: 4, runs: RUNS },
  { products: 8, stores: 6, runs: RUNS / 10 },
])('optimised plans cost as little as the best plan found by brute force', ({ runs, ...size }) => {
  const check = (input: Instance) => {
    const { plans, exact } = optimizeBasket(input)
    const best = bruteForceOptimum(input)
    if (plans.length === 0) expect(best.at(-1)?.missing).toBe(input.lines.length)
    else
      expect({ costs: plans.map((plan) => costOf(plan, input)), exact }).toEqual({
        costs: best,
        exact: true,
      })
  }
  fc.assert(fc.property(instance(size), check), { numRuns: runs })
})
