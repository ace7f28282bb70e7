import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { PROMOTION_KINDS, type Promotion } from '../terms/promotion.ts'
import { bruteBasket } from '../testing/brute-basket.ts'
import type { BasketLine, ShelfPrice, Shopper } from './basket.ts'
import { priceBasket } from './price-basket.ts'

/** Runs per property. Some hundred thousand runs were used while the rules were developed. */
const RUNS = 400
const DAY = '2026-03-10'
const ALL_CLUBS_AND_COUPONS: Shopper = { day: DAY, clubs: ['1', '2'], coupons: true }

/**
 * Start and end times of a promotion, and whether they touch the test's day in Israel, which begins
 * at 22:00 UTC.
 */
const TIMES = [
  { starts: null, ends: null, holds: true },
  { starts: '2026-03-01T00:00Z', ends: '2026-03-31T00:00Z', holds: true },
  { starts: '2026-03-10T21:59Z', ends: null, holds: true },
  { starts: '2026-03-10T22:00Z', ends: null, holds: false },
  { starts: null, ends: '2026-03-09T22:00Z', holds: true },
  { starts: null, ends: '2026-03-09T21:59Z', holds: false },
]

/**
 * A basket of few atoms (units, half kilograms) and promotions that all name the same few products.
 */
type Case = {
  lines: BasketLine[]
  prices: Map<number, ShelfPrice>
  promotions: Promotion[]
  holding: number[]
}

const time = fc
  .integer({ min: 0, max: 40 })
  .map((i) => TIMES[i] ?? { starts: null, ends: null, holds: true })
const kind = fc.constantFrom(
  ...PROMOTION_KINDS.filter((one) => one !== 'gift' && one !== 'unknown'),
)

/**
 * `even`: prices whose halves and tenths are whole agorot. `weighed`: all goods are sold by weight.
 */
type Sort = { even?: boolean; weighed?: boolean }

function promotion(
  id: number,
  { even = false, weighed = false }: Sort,
): fc.Arbitrary<{ promotion: Promotion; holds: boolean }> {
  return fc
    .record({
      kind: weighed ? fc.constantFrom('price_per_kg', 'percent_off', 'bundle_price') : kind,
      time,
      size: fc.constantFrom(1000, 1000, 2000, 2000, 3000, 500),
      price: fc.integer({ min: 0, max: 12 }),
      rate: even
        ? fc.integer({ min: 1, max: 10 }).map((n) => n * 1000)
        : fc.integer({ min: 1, max: 10_000 }),
      limit: fc.constantFrom(null, null, null, 1000, 2000, 3000, 1500),
      productIds: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      clubs: fc.constantFrom([], [], ['1'], ['1', '2']),
      coupon: fc.constantFrom(false, false, true),
      minBasket: fc.constantFrom(null, null, null, 0, 400, 1000),
    })
    .map(({ kind, time, size, price, rate, limit, productIds, clubs, coupon, minBasket }) => {
      const units = kind === 'price_per_kg' || kind === 'bundle_price' ? size / 1000 : 1
      const agorot = even ? Math.round(price * 200 * Math.max(units, 1)) : price * 97
      return {
        holds: time.holds,
        promotion: {
          id,
          kind,
          notComputable: null,
          quantity: size,
          weightUnsettled: false,
          agorot: kind === 'amount_off' ? price * 50 : agorot,
          // a bundle price of an unsettled weight needs a whole kilogram, because there is no rate
          // to settle it
          rate: kind === 'bundle_price' ? null : rate,
          maxQuantity: limit,
          minBasketAgorot: minBasket,
          clubs,
          coupon,
          startsAt: time.starts === null ? null : Date.parse(time.starts),
          endsAt: time.ends === null ? null : Date.parse(time.ends),
          productIds,
        },
      }
    })
}

function baskets({ even = false, weighed = false }: Sort): fc.Arbitrary<Case> {
  const product = fc.record({
    atoms: fc.integer({ min: 1, max: 4 }),
    agorot: even
      ? fc.integer({ min: 1, max: 8 }).map((n) => n * 200)
      : fc.integer({ min: 1, max: 1500 }),
    isWeighted: weighed ? fc.constant(true) : fc.constantFrom(false, false, true),
    isPriced: fc.constantFrom(true, true, true, true, true, true, true, false),
  })
  return fc
    .record({
      products: fc.array(product, { minLength: 1, maxLength: 4 }),
      promotions: fc.integer({ min: 1, max: 4 }).chain((n) => {
        return fc.tuple(...Array.from({ length: n }, (_, i) => promotion(i + 1, { even, weighed })))
      }),
    })
    .map(({ products, promotions }) => {
      const lines: BasketLine[] = []
      const prices = new Map<number, ShelfPrice>()
      let atoms = 0
      for (const [i, { atoms: wanted, agorot, isWeighted, isPriced }] of products.entries()) {
        const many = Math.min(wanted, 6 - atoms)
        if (many === 0) continue
        atoms += many
        lines.push({ productId: i + 1, quantity: many * (isWeighted ? 500 : 1000) })
        if (isPriced) prices.set(i + 1, { agorot, isWeighted })
      }
      return {
        lines,
        prices,
        promotions: promotions.map((one) => one.promotion),
        holding: promotions.filter(({ holds }) => holds).map((one) => one.promotion.id),
      }
    })
}

/** The promotions of a case that apply to a shopper with every club and coupon. */
function holding({ lines, prices, promotions, holding }: Case): Promotion[] {
  return promotions.filter(({ id, productIds, minBasketAgorot }) => {
    const others = lines.filter(({ productId }) => !productIds.includes(productId))
    const cost = others.reduce((sum, { productId, quantity }) => {
      return sum + Math.round(((prices.get(productId)?.agorot ?? 0) * quantity) / 1000)
    }, 0)
    return holding.includes(id) && cost >= (minBasketAgorot ?? 0)
  })
}

function price({ lines, prices, promotions }: Case, shopper: Shopper = ALL_CLUBS_AND_COUPONS) {
  return priceBasket(lines, prices, promotions, shopper)
}

describe('priceBasket', () => {
  test.each([{ even: true }, { even: true, weighed: true }])(
    'costs the same as the cheapest legal combination',
    (sort) => {
      const check = (one: Case) => {
        const { agorot, exact } = price(one)
        expect({ agorot, exact }).toEqual({
          agorot: bruteBasket(one.lines, one.prices, { promotions: holding(one), block: 500 }),
          exact: true,
        })
      }
      fc.assert(fc.property(baskets(sort), check), { numRuns: RUNS })
    },
  )

  test('with rounded prices, the cost exceeds the optimum by at most one agora per promoted line', () => {
    const check = (one: Case) => {
      const { agorot, lines } = price(one)
      const least = bruteBasket(one.lines, one.prices, { promotions: holding(one), block: 500 })
      const parts = lines.filter(({ promotions }) => promotions.length > 0).length
      expect(agorot - least).toBeLessThanOrEqual(parts)
      return agorot === least
    }
    fc.assert(
      fc.property(baskets({}), (one) => void check(one)),
      { numRuns: RUNS },
    )
  })

  test.each([{}, { weighed: true }])(
    'never exceeds the shelf price or goes below zero, and its items add up to the total',
    (sort) => {
      const check = (one: Case) => {
        const { agorot, shelfAgorot, lines, promotions } = price(one)
        expect(agorot).toBeLessThanOrEqual(shelfAgorot)
        for (const line of lines) {
          const taken = line.promotions.reduce((sum, { quantity }) => sum + quantity, 0)
          const saved = line.promotions.reduce((sum, { savedAgorot }) => sum + savedAgorot, 0)
          expect(line.agorot).toBeGreaterThanOrEqual(0)
          expect(line.agorot).toBe(line.shelfAgorot - saved)
          expect(taken).toBeLessThanOrEqual(line.quantity)
        }
        for (const { id, quantity, savedAgorot } of promotions) {
          const parts = lines.flatMap((line) => line.promotions.filter((part) => part.id === id))
          expect(parts.reduce((sum, part) => sum + part.quantity, 0)).toBe(quantity)
          expect(parts.reduce((sum, part) => sum + part.savedAgorot, 0)).toBe(savedAgorot)
          expect(savedAgorot).toBeGreaterThan(0)
          for (const weighed of [true, false]) {
            const taken = lines
              .filter(({ productId }) => one.prices.get(productId)?.isWeighted === weighed)
              .flatMap((line) => line.promotions.filter((part) => part.id === id))
              .reduce((sum, part) => sum + part.quantity, 0)
            expect(taken).toBeLessThanOrEqual(
              one.promotions[id - 1]?.maxQuantity ?? Number.POSITIVE_INFINITY,
            )
          }
        }
        expect(agorot).toBe(lines.reduce((sum, line) => sum + line.agorot, 0))
        expect(agorot).toBe(
          shelfAgorot - promotions.reduce((sum, { savedAgorot }) => sum + savedAgorot, 0),
        )
      }
      fc.assert(fc.property(baskets(sort), check), { numRuns: RUNS })
    },
  )

  test('the cost does not depend on the order of lines and promotions, or on splitting a line', () => {
    const shuffled = baskets({}).chain((one) => {
      const whole = { minLength: one.lines.length, maxLength: one.lines.length }
      const all = { minLength: one.promotions.length, maxLength: one.promotions.length }
      return fc.tuple(
        fc.constant(one),
        fc.shuffledSubarray(one.lines, whole),
        fc.shuffledSubarray(one.promotions, all),
      )
    })
    const check = ([one, lines, promotions]: [Case, BasketLine[], Promotion[]]) => {
      const halves = lines.flatMap(({ productId, quantity }) => [
        { productId, quantity: quantity - 100 },
        { productId, quantity: 100 },
      ])
      expect(price({ ...one, lines, promotions })).toEqual(price(one))
      expect(price({ ...one, lines: halves })).toEqual(price(one))
    }
    fc.assert(fc.property(shuffled, check), { numRuns: RUNS })
  })

  test.each([{}, { weighed: true }])(
    'an additional club or coupon never raises the cost',
    (sort) => {
      const check = (one: Case) => {
        const ids = one.promotions.map(({ id }) => id)
        const shoppers = [
          { clubs: [], coupons: [] },
          { clubs: ['2'], coupons: [] },
          { clubs: ['2'], coupons: ids.slice(0, 2) },
          { clubs: ['2', '1'], coupons: ids.slice(0, 3) },
          { clubs: ['2', '1'], coupons: true as const },
        ]
        const costs = shoppers.map((shopper) => price(one, { day: DAY, ...shopper }).agorot)
        expect(costs).toEqual(costs.toSorted((a, b) => b - a))
      }
      fc.assert(fc.property(baskets(sort), check), { numRuns: RUNS })
    },
  )
})
