import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { Promotion } from '../terms/promotion.ts'
import { promotionOf } from '../testing/promotions.ts'
import { offerStateOf, type UnitClass } from './offer-state.ts'
import { priceBasket } from './price-basket.ts'
import { shareUnits } from './share-units.ts'
import { takeUnits } from './take-units.ts'
import { type UnitOffer, unitOffer } from './unit-offer.ts'

const NO_CLUBS = { day: '2026-03-10', clubs: [], coupons: [] }

const promotion = fc
  .record({
    size: fc.integer({ min: 1, max: 4 }),
    kind: fc.constantFrom('bundle_price' as const, 'nth_unit' as const, 'percent_off' as const),
    price: fc.integer({ min: 100, max: 900 }),
    rate: fc.integer({ min: 1000, max: 10_000 }),
    limit: fc.constantFrom(null, 4000),
    places: fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 }),
  })
  .map(({ size, kind, price, rate, limit, places }) => ({
    places,
    promotion: promotionOf({
      kind,
      quantity: size * 1000,
      agorot: price * size,
      rate,
      maxQuantity: limit,
    }),
  }))
const units = fc.record({
  shelfAgorot: fc.integer({ min: 200, max: 1200 }),
  plainAgorot: fc.constantFrom(0, 0, 50),
  units: fc.integer({ min: 1, max: 4 }),
})

type Placed = { promotion: Promotion; places: number[] }

function saved(
  classes: readonly UnitClass[],
  { promotions, left }: { promotions: Placed[]; left: number },
) {
  const dearest = classes.toSorted((a, b) => b.shelfAgorot - a.shelfAgorot)
  const claims = promotions.map(({ promotion, places }) => {
    return offerStateOf(unitOffer(promotion) as UnitOffer, {
      classes: dearest,
      places: places.toSorted(),
    })
  })
  const gapAgorot = shareUnits(claims, { classes: dearest, work: { left } })
  const agorot = claims.reduce((sum, claim) => sum + takeUnits(claim, { left: 0 }), 0)
  dearest.forEach((one, c) => {
    const shared = claims.map(({ classes, counts }) => counts[classes.indexOf(c)] ?? 0)
    const claimed = shared.filter((_, o) => promotions[o]?.places.includes(c))
    if (claimed.length > 1) expect(claimed.reduce((sum, count) => sum + count, 0)).toBe(one.units)
  })
  return { agorot, gapAgorot }
}

test('a search that stops early reports how much more could be saved', () => {
  const all = fc.array(units, { minLength: 5, maxLength: 5 })
  const some = fc.array(promotion, { minLength: 2, maxLength: 5 })
  let cut = 0
  fc.assert(
    fc.property(all, some, (classes, promotions) => {
      const whole = saved(classes, { promotions, left: 1e9 })
      const short = saved(classes, { promotions, left: 0 })
      expect(whole.gapAgorot).toBe(0)
      expect(short.agorot).toBeLessThanOrEqual(whole.agorot)
      expect(short.agorot + short.gapAgorot).toBeGreaterThanOrEqual(whole.agorot)
      cut += short.gapAgorot > 0 ? 1 : 0
    }),
    { numRuns: 300, seed: 1 },
  )
  expect(cut).toBeGreaterThan(0)
})

test('a basket with many competing bundles is priced near the optimum and marked as inexact', () => {
  const products = Array.from({ length: 40 }, (_, i) => i)
  const prices = new Map(
    products.map((i) => [i, { agorot: 500 + ((i * 37) % 400), isWeighted: false }]),
  )
  const lines = products.map((i) => ({ productId: i, quantity: 1000 * (1 + (i % 4)) }))
  const promotions = Array.from({ length: 60 }, (_, i) => {
    const size = 2 + (i % 4)
    const productIds = products.filter((product) => (product * 7 + i * 3) % 11 < 4)
    return promotionOf({
      id: i,
      kind: 'bundle_price',
      quantity: size * 1000,
      agorot: size * (380 + (i % 9)),
      productIds,
    })
  })
  const { exact, agorot, gapAgorot } = priceBasket(lines, prices, promotions, NO_CLUBS)
  expect(exact).toBe(false)
  expect(gapAgorot).toBeGreaterThan(0)
  expect(gapAgorot).toBeLessThan(agorot / 20)
})

test('bundles of hundreds of units are exact; n-th unit offers on several products consider a limited number of units', () => {
  const prices = new Map([
    [1, { agorot: 600, isWeighted: false }],
    [2, { agorot: 700, isWeighted: false }],
  ])
  const bundle = promotionOf({
    kind: 'bundle_price',
    quantity: 3000,
    agorot: 1500,
    productIds: [1, 2],
  })
  const half = promotionOf({ kind: 'nth_unit', quantity: 2000, rate: 5000, productIds: [1, 2] })
  const some = { productId: 1, quantity: 301_000 }
  const both = [some, { productId: 2, quantity: 300_000 }]
  // 200 bundles, and one unit of the cheaper product at the shelf price
  expect(priceBasket(both, prices, [bundle], NO_CLUBS)).toMatchObject({
    exact: true,
    agorot: 200 * 1500 + 600,
  })
  expect(priceBasket([some], prices, [half], NO_CLUBS)).toMatchObject({
    exact: true,
    agorot: 301 * 600 - 150 * 300,
  })
  // 150 pairs of product 2. For product 1, half the price of every second unit may have been
  // missed.
  expect(priceBasket(both, prices, [half], NO_CLUBS)).toMatchObject({
    exact: false,
    agorot: 301 * 600 + 300 * 700 - 150 * 350,
    gapAgorot: 301 * 150,
  })
})
