import { describe, expect, test } from 'bun:test'
import { readDecimal } from './decimal.ts'
import type { PromotionTerms } from './promotion.ts'
import { readTerms } from './promotion-terms.ts'
import type { RawPromotion } from './raw-promotion.ts'

/** Every rule of docs/adr/0010-promotion-terms.md on cells as chains write them. */

const EMPTY_CELLS: RawPromotion = {
  rewardType: null,
  discountType: null,
  rate: null,
  price: null,
  minQuantity: null,
  maxQuantity: null,
  redemptionLimit: null,
  minPurchase: null,
  weighted: null,
  giftCount: null,
  clubs: [],
  coupon: false,
  startsAt: null,
  endsAt: null,
  itemCodes: ['7290000000130'],
  giftCodes: [],
  giftPrices: [],
  parts: 1,
}

const terms = (cells: Partial<RawPromotion>) => readTerms({ ...EMPTY_CELLS, ...cells })

/** A rule: its name, the cells, and the expected terms. */
type Rule = [name: string, cells: Partial<RawPromotion>, expected: Partial<PromotionTerms>]

const computed: Rule[] = [
  [
    'a price is for all units of the quantity together',
    { rewardType: '1', minQuantity: '3.00', price: '10.00' },
    { kind: 'bundle_price', quantity: 3000, agorot: 1000, rate: null, weightUnsettled: false },
  ],
  [
    'a rate next to a price is ignored, even an impossible one',
    { rewardType: '3', minQuantity: '1', price: '9.9', rate: '-49400' },
    { kind: 'bundle_price', quantity: 1000, agorot: 990, rate: null },
  ],
  [
    'a price is read the same with any other reward code',
    { rewardType: '10', minQuantity: '2', price: '24.90', discountType: '1', rate: '0.00' },
    { kind: 'bundle_price', quantity: 2000, agorot: 2490 },
  ],
  [
    'the price of weighed goods is per kilogram',
    { rewardType: '1', minQuantity: '1.90', price: '32.50', weighted: '1' },
    { kind: 'price_per_kg', quantity: 1900, agorot: 3250, weightUnsettled: false },
  ],
  [
    'a price with a quantity of 10 grams is per kilogram',
    { rewardType: '3', minQuantity: '0.010', price: '59.90', rate: '20.02' },
    { kind: 'price_per_kg', quantity: 10, agorot: 5990, rate: null },
  ],
  [
    'the price of another weight is unsettled and keeps its rate',
    { rewardType: '10', minQuantity: '1.850', price: '74.00', rate: '10.91' },
    { kind: 'bundle_price', quantity: 1850, agorot: 7400, rate: 1091, weightUnsettled: true },
  ],
  [
    'with reward 2, the price is for one of the items and the rate applies to all',
    { rewardType: '2', minQuantity: '1.00', price: '84.00', rate: '25' },
    { kind: 'percent_off', quantity: 1000, agorot: null, rate: 2500 },
  ],
  [
    'a rate with a decimal point is a percentage',
    { rewardType: '2', minQuantity: '1', rate: '12.50' },
    { kind: 'percent_off', quantity: 1000, rate: 1250 },
  ],
  [
    'a whole rate in a file without prices is in hundredths of a percent',
    { rewardType: '2', minQuantity: '1', rate: '1250', discountType: '0' },
    { kind: 'percent_off', quantity: 1000, rate: 1250 },
  ],
  [
    'a whole rate in a file with prices is a percentage',
    { rewardType: '2', minQuantity: '1', rate: '40', price: '0.00' },
    { kind: 'percent_off', quantity: 1000, rate: 4000 },
  ],
  [
    'reward 9 with a weight or one unit is a plain percentage',
    { rewardType: '9', minQuantity: '0.01', rate: '1500', weighted: '1' },
    { kind: 'percent_off', quantity: 10, rate: 1500 },
  ],
  [
    'reward 9 with two or more units discounts the n-th unit',
    { rewardType: '9', minQuantity: '2.000', rate: '6000' },
    { kind: 'nth_unit', quantity: 2000, rate: 6000 },
  ],
  [
    'an n-th unit reward with a rate of 100% makes that unit free',
    { rewardType: '8', minQuantity: '3', rate: '100.00', price: '0', giftCount: '1' },
    { kind: 'nth_unit', quantity: 3000, rate: 10_000, agorot: null },
  ],
  [
    'reward 7 without a rate makes the n-th unit free',
    { rewardType: '7', minQuantity: '4.00', giftCount: '1' },
    { kind: 'nth_unit', quantity: 4000, rate: 10_000 },
  ],
  [
    'reward 1 with a rate is a percentage from two units on',
    { rewardType: '1', minQuantity: '2', rate: '2000' },
    { kind: 'percent_off', quantity: 2000, rate: 2000 },
  ],
  [
    'with discount type 1, the rate is an amount in agorot',
    { rewardType: '3', minQuantity: '1.000', rate: '2510', discountType: '1' },
    { kind: 'amount_off', quantity: 1000, agorot: 2510, rate: null },
  ],
  [
    'a coupon for free goods is limited to one use',
    { rewardType: '2', minQuantity: '2.00', rate: '10000', coupon: true },
    { kind: 'percent_off', quantity: 2000, rate: 10_000, maxQuantity: 2000, coupon: true },
  ],
  [
    'a "gift" of its own items at a price is a limited price per kilogram',
    {
      rewardType: '6',
      minQuantity: '3000.00',
      maxQuantity: '0.00',
      minPurchase: '75.00',
      giftCount: '3000',
      giftCodes: ['7290000000130'],
      giftPrices: ['6.90'],
    },
    { kind: 'price_per_kg', quantity: 10, agorot: 690, maxQuantity: 3000, minBasketAgorot: 7500 },
  ],
]

test.each(computed)('%s', (_, cells, expected) => {
  expect(terms(cells)).toMatchObject({ notComputable: null, ...expected })
})

const bundle = { rewardType: '1', minQuantity: '2', price: '10' }

const kept: Rule[] = [
  ['no items', { ...bundle, itemCodes: [] }, { kind: 'bundle_price', notComputable: 'no items' }],
  [
    'groups with different terms',
    { ...bundle, parts: 2 },
    { notComputable: 'parts with different terms' },
  ],
  ['no quantity', { ...bundle, minQuantity: null }, { quantity: 0, notComputable: 'no quantity' }],
  [
    'a quantity of zero',
    { rewardType: '2', minQuantity: '0', rate: '50.00' },
    { notComputable: 'no quantity' },
  ],
  [
    'an amount off without a quantity',
    { rewardType: '3', rate: '5000', discountType: '1' },
    { kind: 'amount_off', agorot: 5000, notComputable: 'no quantity' },
  ],
  [
    'an unreadable number',
    { ...bundle, price: 'עשר' },
    { notComputable: 'a number that cannot be read' },
  ],
  [
    'a limit that is not a number',
    { ...bundle, maxQuantity: '3 יח' },
    { notComputable: 'a number that cannot be read' },
  ],
  [
    'a number that is too large',
    { ...bundle, minQuantity: '99999999' },
    { notComputable: 'a number that cannot be read' },
  ],
  [
    'neither a price nor a rate',
    { rewardType: '1', minQuantity: '1' },
    { kind: 'unknown', notComputable: 'neither a price nor a rate' },
  ],
  [
    'an n-th unit without a rate',
    { rewardType: '9', minQuantity: '3', price: '0', rate: '0.00' },
    { kind: 'unknown', notComputable: 'neither a price nor a rate' },
  ],
  [
    'a gift of another article',
    { rewardType: '6', minQuantity: '3', giftCount: '1', giftCodes: ['12'], giftPrices: ['0.00'] },
    { kind: 'gift', notComputable: 'a gift or a text, not a price' },
  ],
  [
    'a gift of one of its own items, without a gift code',
    { rewardType: '6', minQuantity: '2', price: '0', rate: '100.00', giftCount: '1' },
    { kind: 'gift', notComputable: 'a gift or a text, not a price' },
  ],
  [
    'a rate of 100% without a coupon',
    { rewardType: '2', minQuantity: '1', rate: '10000' },
    { kind: 'percent_off', notComputable: 'free, and no coupon is asked for' },
  ],
  [
    'a whole rate up to 100 in a file without prices: percent or hundredths',
    { rewardType: '2', minQuantity: '1', rate: '74' },
    { kind: 'unknown', notComputable: 'a rate in a unit that is not known' },
  ],
  [
    'a rate over 100 in a file with prices',
    { rewardType: '1', minQuantity: '1', price: '0.00', rate: '769' },
    { notComputable: 'a rate in a unit that is not known' },
  ],
  [
    'an amount with a decimal point: shekels or agorot',
    { rewardType: '3', minQuantity: '1', rate: '5.00', discountType: '1' },
    { notComputable: 'a rate in a unit that is not known' },
  ],
  [
    'a price of a weight without a rate',
    { rewardType: '1', minQuantity: '1.90', price: '32.50' },
    { notComputable: 'a price of a weight or of a kilogram: nothing tells which' },
  ],
  [
    'reward 0, which has the shelf price and the discount on the next unit',
    { rewardType: '0', minQuantity: '2', price: '9.9', rate: '100' },
    {
      kind: 'unknown',
      agorot: null,
      notComputable: 'neither its numbers nor its code settle what it gives',
    },
  ],
  [
    'reward 2 with two or more units: off all units or off the second',
    { rewardType: '2', minQuantity: '2', price: '3.95', rate: '50.00' },
    { kind: 'unknown', notComputable: 'neither its numbers nor its code settle what it gives' },
  ],
  [
    'an n-th unit with a price',
    { rewardType: '9', minQuantity: '2', price: '15', rate: '50.00' },
    { kind: 'unknown', notComputable: 'neither its numbers nor its code settle what it gives' },
  ],
  [
    'two free units in a group',
    { rewardType: '7', minQuantity: '4', giftCount: '2' },
    { kind: 'nth_unit', notComputable: 'neither its numbers nor its code settle what it gives' },
  ],
  [
    'a coupon for an amount off with a rate of 100%',
    { rewardType: '3', minQuantity: '1', price: '0', rate: '100.00', coupon: true },
    { notComputable: 'neither its numbers nor its code settle what it gives' },
  ],
]

test.each(kept)('not computable: %s', (_, cells, expected) => {
  expect(terms(cells)).toMatchObject(expected)
})

describe('limits and conditions', () => {
  test('a limit in units is used as it is; 0 means no limit', () => {
    expect(terms({ ...bundle, maxQuantity: '6.00' }).maxQuantity).toBe(6000)
    expect(terms({ ...bundle, maxQuantity: '0' }).maxQuantity).toBeNull()
  })

  test('a limit on the number of uses is multiplied by the quantity', () => {
    expect(terms({ ...bundle, redemptionLimit: '3' }).maxQuantity).toBe(6000)
    expect(terms({ ...bundle, redemptionLimit: '2', maxQuantity: '2' }).maxQuantity).toBe(2000)
  })

  test('a limit on weight is in kilograms, or in multiples of minqty that stand for kilograms', () => {
    const weighed = (minQuantity: string, maxQuantity: string) =>
      terms({ rewardType: '1', price: '9.90', weighted: '1', minQuantity, maxQuantity })
    expect(weighed('0.01', '3.00').maxQuantity).toBe(3000)
    expect(weighed('0.01', '12.00').maxQuantity).toBe(12_000)
    expect(weighed('0.01', '40.00').maxQuantity).toBe(4000)
    expect(weighed('1.90', '7600.00').maxQuantity).toBe(4000)
    expect(weighed('1.00', '300.00')).toMatchObject({
      maxQuantity: null,
      notComputable: 'a limit in a unit that is not known',
    })
  })

  test('a limit on the number of uses of a weight is not computable', () => {
    const cells = {
      rewardType: '1',
      price: '9.90',
      weighted: '1',
      minQuantity: '0.5',
      redemptionLimit: '2',
    }
    expect(terms(cells).notComputable).toBe('a limit in a unit that is not known')
  })

  test('the basket minimum is read in shekels; clubs, coupon and validity are copied', () => {
    const conditions = { clubs: ['1', '2'], coupon: true, startsAt: 1, endsAt: 2 }
    expect(terms({ ...bundle, ...conditions, minPurchase: '99.90' })).toMatchObject({
      ...conditions,
      minBasketAgorot: 9990,
    })
    expect(terms({ ...bundle, minPurchase: '0.00' }).minBasketAgorot).toBeNull()
  })
})

test('decimals are read exactly', () => {
  const read = (places: number, ...texts: string[]) =>
    texts.map((text) => readDecimal(text, places))
  expect(read(2, '29.9', '29.90', '29.900', ' 0.07 ', '.5', '5.', '1.005', '-3.2')).toEqual([
    2990, 2990, 2990, 7, 50, 500, 101, -320,
  ])
  expect(read(2, '', '.', '*', '1,5', '1e3', '0x10', '21474836.48')).toEqual([
    null,
    null,
    null,
    null,
    null,
    null,
    null,
  ])
  expect(readDecimal(null, 2)).toBeNull()
})
