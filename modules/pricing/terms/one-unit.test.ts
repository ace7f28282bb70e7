import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { priceBasket } from '../baskets/price-basket.ts'
import { promotionOf } from '../testing/promotions.ts'
import { type OneUnit, oneUnit } from './one-unit.ts'
import { PROMOTION_KINDS } from './promotion.ts'

/** Applies the normal form to a shelf price in the same way as SQL does. */
function applied(
  unit: OneUnit | null,
  { shelf, isWeighted }: { shelf: number; isWeighted: boolean },
): number {
  if (unit === null || unit.goods === (isWeighted ? 'units' : 'weighed')) return shelf
  if ('agorot' in unit) return Math.min(shelf, unit.agorot)
  if ('itemAgorot' in unit) throw new Error('Cannot apply the price of an item without its code')
  if ('rate' in unit) return Math.min(shelf, Math.round((shelf * (10_000 - unit.rate)) / 10_000))
  return unit.off <= shelf ? shelf - unit.off : shelf
}

const terms = fc.record({
  kind: fc.constantFrom(...PROMOTION_KINDS.filter((kind) => kind !== 'gift' && kind !== 'unknown')),
  quantity: fc.constantFrom(0, 10, 500, 1000, 1000, 1000, 1900, 2000, 1_000_000),
  agorot: fc.option(fc.integer({ min: 0, max: 4000 }), { freq: 8 }),
  rate: fc.option(fc.integer({ min: 0, max: 10_000 }), { freq: 8 }),
  // no limit under a kilogram: it makes only a part of a kilogram cheaper, which a price per
  // kilogram cannot express
  maxQuantity: fc.constantFrom(null, null, 1000, 2000),
  notComputable: fc.constantFrom(null, null, null, 'a text'),
  clubs: fc.constantFrom([], [], [], ['1']),
  coupon: fc.constantFrom(false, false, false, true),
  minBasketAgorot: fc.constantFrom(null, null, 0, 10_000),
})

test('the price of one unit equals the cost of a basket with one unit', () => {
  const check = (
    one: typeof terms extends fc.Arbitrary<infer T> ? T : never,
    shelf: number,
    isWeighted: boolean,
  ) => {
    // only the shelf price settles whether a price below a kilogram is for that weight or for a
    // kilogram (docs/adr/0016)
    fc.pre(!(isWeighted && one.kind === 'bundle_price' && one.quantity < 1000))
    const promotion = promotionOf(one)
    const prices = new Map([[1, { agorot: shelf, isWeighted }]])
    const shopper = { day: '2026-03-10', clubs: [], coupons: [] }
    const { agorot } = priceBasket([{ productId: 1, quantity: 1000 }], prices, [promotion], shopper)
    expect(applied(oneUnit(promotion), { shelf, isWeighted })).toBe(agorot)
  }
  fc.assert(fc.property(terms, fc.integer({ min: 1, max: 5000 }), fc.boolean(), check), {
    numRuns: 2000,
  })
})

test('terms become a price, a rate or an amount off, for the goods that they apply to', () => {
  expect(oneUnit(promotionOf({ kind: 'bundle_price', agorot: 990 }))).toEqual({
    agorot: 990,
    goods: 'any',
  })
  const weighed = promotionOf({ kind: 'price_per_kg', quantity: 10, agorot: 490 })
  expect(oneUnit(weighed)).toEqual({ agorot: 490, goods: 'weighed' })
  expect(oneUnit(promotionOf({ kind: 'percent_off', rate: 1500 }))).toEqual({
    rate: 1500,
    goods: 'any',
  })
  expect(oneUnit(promotionOf({ kind: 'amount_off', agorot: 200 }))).toEqual({
    off: 200,
    goods: 'units',
  })
})

test('terms with further conditions, or of an unsettled weight, do not apply to a single unit', () => {
  const price = { kind: 'bundle_price', agorot: 990 } as const
  for (const more of [
    { quantity: 2000 },
    { clubs: ['1'] },
    { coupon: true },
    { minBasketAgorot: 1 },
    { weightUnsettled: true },
    { notComputable: 'a text' },
    { maxQuantity: 0 },
  ]) {
    expect([more, oneUnit(promotionOf({ ...price, ...more }))]).toEqual([more, null])
  }
  expect(oneUnit(promotionOf({ kind: 'nth_unit', quantity: 2000, rate: 10_000 }))).toBeNull()
})
