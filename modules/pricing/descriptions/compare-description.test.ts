import { expect, test } from 'bun:test'
import type { PromotionTerms } from '../terms/promotion.ts'
import { promotionOf } from '../testing/promotions.ts'
import { compareWithDescription, type DescriptionCheck } from './compare-description.ts'
import { describedTerms } from './described-terms.ts'

const NO_TERMS: PromotionTerms = promotionOf({ kind: 'bundle_price' })

const bundle = (
  quantity: number,
  agorot: number,
  rest: Partial<PromotionTerms> = {},
): Partial<PromotionTerms> => ({
  quantity: quantity * 1000,
  agorot,
  ...rest,
})
const perKg = (
  quantity: number,
  agorot: number,
  rest: Partial<PromotionTerms> = {},
): Partial<PromotionTerms> => ({
  ...bundle(quantity, agorot, rest),
  kind: 'price_per_kg',
})
const percent = (rate: number, quantity = 1) =>
  ({ kind: 'percent_off', rate, quantity: quantity * 1000 }) as const
const nth = (units: number, rate: number) =>
  ({ kind: 'nth_unit', rate, quantity: units * 1000 }) as const

const cases: [description: string, terms: Partial<PromotionTerms>, expected: DescriptionCheck][] = [
  ['גבינה לבנה 3 ב 10', bundle(3, 1000), 'agrees'],
  ['גבינה לבנה 3 ב 10', bundle(2, 1000), 'disagrees'],
  ['גבינה לבנה 3 ב 10', bundle(3, 1090), 'disagrees'],
  ['3ב10גבינה לבנה', bundle(3, 1000), 'agrees'],
  ['סבון 2 יח\' ב-25.50 ש"ח', bundle(2, 2550), 'agrees'],
  ['אורז 5 ק"ג ב-37.90', bundle(1, 3790), 'agrees'],
  ['מגבת 40*60 ב-7.90', bundle(1, 790), 'agrees'],
  ['קרם SPF50 ב-44.90', bundle(1, 4490), 'agrees'],
  ['במבה-ב 9', bundle(1, 900), 'agrees'],
  ['במבה 9.90', bundle(1, 990), 'agrees'],
  ['9.90במבה', bundle(1, 1190), 'disagrees'],
  ['ליפתנית 5 11.90', bundle(5, 1190), 'agrees'],
  ['קופון גלידה 2ב12', bundle(2, 1199, { coupon: true }), 'agrees'],
  ['קצפת 3 ב-1', bundle(1, 2990), 'silent'],
  ['מיץ 1.5 ליטר', bundle(2, 1500), 'silent'],
  ['גבינה 5%', bundle(1, 590), 'silent'],
  // deposits: included in the cell only, or in the text only
  ['9.70 פקדון נקטר', bundle(1, 1000), 'agrees'],
  ['28.20 פקדון שישייה', bundle(1, 3000), 'agrees'],
  ['יין 2 ב 100', bundle(2, 9940), 'agrees'],
  ['יין 2 ב 100', bundle(2, 9920), 'disagrees'],
  // stores in Eilat sell without VAT
  ['שמפו ב14.90', bundle(1, 1260), 'agrees'],
  ['שמפו ב14.90', bundle(1, 1390), 'disagrees'],
  // weights
  ['שניצל 2קג ב-65', perKg(1.9, 3250), 'agrees'],
  ['בשר 3 ק"ג ב 100', perKg(2.8, 3333), 'agrees'],
  ['חזה עוף 2 ב 70', bundle(1.85, 6475, { weightUnsettled: true, rate: 1228 }), 'agrees'],
  ['300ב16 נקניק במשקל', bundle(0.3, 1600, { weightUnsettled: true, rate: 1300 }), 'agrees'],
  ['קטיף 2.90 מלפפון', bundle(0.1, 290, { weightUnsettled: true, rate: 5800 }), 'agrees'],
  ['גאודה 100 גרם ב11', perKg(0.1, 11_000), 'agrees'],
  ['גאודה 100 גרם ב11', perKg(0.1, 12_000), 'disagrees'],
  // rates
  ['קטניות 10% הנחה', percent(1000), 'agrees'],
  ['קטניות ב- 10 הנחה%', percent(1000), 'agrees'],
  ['קטניות ב-15% אשראי', percent(1000), 'disagrees'],
  ['קופון שוקולד מתנה', { ...percent(10_000), coupon: true }, 'agrees'],
  ['שוקולד ב 1ש"ח', percent(10_000), 'disagrees'],
  ['שוקולד 1+1', nth(2, 10_000), 'agrees'],
  ['שוקולד 1+2 מתנה', nth(3, 10_000), 'agrees'],
  ['שוקולד 2+1', nth(2, 10_000), 'disagrees'],
  ['שוקולד השני ב50%', nth(2, 5000), 'agrees'],
  ['שוקולד השני בחצי מחיר', nth(2, 5000), 'agrees'],
  ['שוקולד השני ב 40%', bundle(2, 4000), 'disagrees'],
  ['12 ש"ח הנחה', { kind: 'amount_off', agorot: 1200 }, 'agrees'],
  ['3 ש"ח הנחה', { kind: 'amount_off', agorot: 310 }, 'disagrees'],
  // limits and conditions, which may be in the description only
  ['חומוס 7.90 מוג 4', bundle(1, 790, { maxQuantity: 4000 }), 'agrees'],
  ['חומוס 7.90 מוגבל ל4', bundle(1, 790), 'disagrees'],
  ['שמן 2ב22 מו2', bundle(2, 2200, { maxQuantity: 4000 }), 'agrees'],
  ['שמן 3ב12 מוגבל ל2 מימושים', bundle(3, 1200, { maxQuantity: 6000 }), 'agrees'],
  ['שמן 3ב12 מוגבל ל2 מימושים', bundle(3, 1200, { maxQuantity: 2000 }), 'disagrees'],
  [
    'סלמון 89.90עד3ק מעל100',
    perKg(0.01, 8990, { maxQuantity: 3000, minBasketAgorot: 10_000 }),
    'agrees',
  ],
  ['חטיפים עד 80 גרם 8ב30', bundle(8, 3000), 'agrees'],
  ['קפה מעל 75', bundle(1, 1990), 'disagrees'],
  [
    'שוקיים 2ב120עד4ק מעל10',
    perKg(1.9, 6000, { maxQuantity: 4000, minBasketAgorot: 10_000 }),
    'agrees',
  ],
  ['קופון גלידה 2ב12', bundle(2, 1200), 'disagrees'],
  ['וודקה 89.90 מועדון', bundle(1, 8990, { clubs: ['1'] }), 'agrees'],
  ['וודקה 89.90 מועדון', bundle(1, 8990), 'disagrees'],
  ['', bundle(1, 500), 'silent'],
  ['1+1', { kind: 'unknown', quantity: 1000 }, 'silent'],
]

test.each(cases)(
  'the description "%s" is compared with its terms',
  (description, terms, expected) => {
    expect(compareWithDescription({ ...NO_TERMS, ...terms }, description)).toBe(expected)
  },
)

test('a missing description is silent about the terms', () =>
  expect(compareWithDescription({ ...NO_TERMS, agorot: 500 }, null)).toBe('silent'))

test('a description yields its prices, counts and conditions', () => {
  expect(describedTerms('שמן זית 3ב50 מעל 75 מוגבל ל2 מימושים')).toEqual({
    prices: [{ quantity: 3000, agorot: 5000 }],
    counts: [3, 50, 75, 2],
    rate: null,
    nth: null,
    amountOff: null,
    free: false,
    limit: { most: 2000, times: true, words: 'מוגבל ל2 מימוש' },
    minBasket: { agorot: 7500, cut: false, words: 'מעל 75' },
    buy: null,
    coupon: null,
    club: null,
    payment: null,
  })
})
