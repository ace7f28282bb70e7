import { describe, expect, test } from 'bun:test'
import { readDecimal } from './decimal.ts'
import type { PromotionTerms } from './promotion.ts'
import { readTerms } from './promotion-terms.ts'
import type { RawPromotion } from './raw-promotion.ts'

/** Every rule of docs/adr/0010-promotion-terms.md on cells as chains write them. */

const NOTHING: RawPromotion = {
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

const terms = (cells: Partial<RawPromotion>) => readTerms({ ...NOTHING, ...cells })

/** A rule: what it is about, the cells, and what follows from them. */
type Rule = [name: string, cells: Partial<RawPromotion>, expected: Partial<PromotionTerms>]

const computed: Rule[] = [
  [
    'a price is that of all its units',
    { rewardType: '1', minQuantity: '3.00', price: '10.00' },
    { kind: 'bundle_price', quantity: 3000, agorot: 1000, rate: null, weightUnsettled: false },
  ],
  [
    'and the rate beside it is decoration, even an impossible one',
    { rewardType: '3', minQuantity: '1', price: '9.9', rate: '-49400' },
    { kind: 'bundle_price', quantity: 1000, agorot: 990, rate: null },
  ],
  [
    'whatever the code',
    { rewardType: '10', minQuantity: '2', price: '24.90', discountType: '1', rate: '0.00' },
    { kind: 'bundle_price', quantity: 2000, agorot: 2490 },
  ],
  [
    'of what is weighed it is the price of a kilogram',
    { rewardType: '1', minQuantity: '1.90', price: '32.50', weighted: '1' },
    { kind: 'price_per_kg', quantity: 1900, agorot: 3250, weightUnsettled: false },
  ],
  [
    'so it is from 10 grams on, which nobody sells together',
    { rewardType: '3', minQuantity: '0.010', price: '59.90', rate: '20.02' },
    { kind: 'price_per_kg', quantity: 10, agorot: 5990, rate: null },
  ],
  [
    'of any other weight only the rate can tell',
    { rewardType: '10', minQuantity: '1.850', price: '74.00', rate: '10.91' },
    { kind: 'bundle_price', quantity: 1850, agorot: 7400, rate: 1091, weightUnsettled: true },
  ],
  [
    'with reward 2 the price is that of one of the items, and the rate holds for all',
    { rewardType: '2', minQuantity: '1.00', price: '84.00', rate: '25' },
    { kind: 'percent_off', quantity: 1000, agorot: null, rate: 2500 },
  ],
  [
    'a rate with a point is a percentage',
    { rewardType: '2', minQuantity: '1', rate: '12.50' },
    { kind: 'percent_off', quantity: 1000, rate: 1250 },
  ],
  [
    'a whole one in a file without prices is in hundredths',
    { rewardType: '2', minQuantity: '1', rate: '1250', discountType: '0' },
    { kind: 'percent_off', quantity: 1000, rate: 1250 },
  ],
  [
    'and in one with prices a percentage',
    { rewardType: '2', minQuantity: '1', rate: '40', price: '0.00' },
    { kind: 'percent_off', quantity: 1000, rate: 4000 },
  ],
  [
    'reward 9 of a weight or of one unit is a plain percentage',
    { rewardType: '9', minQuantity: '0.01', rate: '1500', weighted: '1' },
    { kind: 'percent_off', quantity: 10, rate: 1500 },
  ],
  [
    'of two and more units it is the last one',
    { rewardType: '9', minQuantity: '2.000', rate: '6000' },
    { kind: 'nth_unit', quantity: 2000, rate: 6000 },
  ],
  [
    'which may be free',
    { rewardType: '8', minQuantity: '3', rate: '100.00', price: '0', giftCount: '1' },
    { kind: 'nth_unit', quantity: 3000, rate: 10_000, agorot: null },
  ],
  [
    'reward 7 comes without a rate',
    { rewardType: '7', minQuantity: '4.00', giftCount: '1' },
    { kind: 'nth_unit', quantity: 4000, rate: 10_000 },
  ],
  [
    'a percentage from two units on',
    { rewardType: '1', minQuantity: '2', rate: '2000' },
    { kind: 'percent_off', quantity: 2000, rate: 2000 },
  ],
  [
    'with discount type 1 the rate is an amount in agorot',
    { rewardType: '3', minQuantity: '1.000', rate: '2510', discountType: '1' },
    { kind: 'amount_off', quantity: 1000, agorot: 2510, rate: null },
  ],
  [
    'what a coupon gives away, it gives once',
    { rewardType: '2', minQuantity: '2.00', rate: '10000', coupon: true },
    { kind: 'percent_off', quantity: 2000, rate: 10_000, maxQuantity: 2000, coupon: true },
  ],
  [
    'a "gift" of its own items at a price is a price of a kilogram, so many grams at most',
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
    'groups of different terms',
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
    'an amount of what',
    { rewardType: '3', rate: '5000', discountType: '1' },
    { kind: 'amount_off', agorot: 5000, notComputable: 'no quantity' },
  ],
  [
    'an unreadable number',
    { ...bundle, price: 'עשר' },
    { notComputable: 'a number that cannot be read' },
  ],
  [
    'a limit that is no number',
    { ...bundle, maxQuantity: '3 יח' },
    { notComputable: 'a number that cannot be read' },
  ],
  [
    'an absurd number',
    { ...bundle, minQuantity: '99999999' },
    { notComputable: 'a number that cannot be read' },
  ],
  [
    'no numbers',
    { rewardType: '1', minQuantity: '1' },
    { kind: 'unknown', notComputable: 'neither a price nor a rate' },
  ],
  [
    'an n-th unit without a rate, which may be half',
    { rewardType: '9', minQuantity: '3', price: '0', rate: '0.00' },
    { kind: 'unknown', notComputable: 'neither a price nor a rate' },
  ],
  [
    'a gift of another article',
    { rewardType: '6', minQuantity: '3', giftCount: '1', giftCodes: ['12'], giftPrices: ['0.00'] },
    { kind: 'gift', notComputable: 'a gift or a text, not a price' },
  ],
  [
    'a gift that is among its items, told by no number',
    { rewardType: '6', minQuantity: '2', price: '0', rate: '100.00', giftCount: '1' },
    { kind: 'gift', notComputable: 'a gift or a text, not a price' },
  ],
  [
    'free for everyone',
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
    'an amount with a point: shekels or agorot',
    { rewardType: '3', minQuantity: '1', rate: '5.00', discountType: '1' },
    { notComputable: 'a rate in a unit that is not known' },
  ],
  [
    'a price of a weight without a rate',
    { rewardType: '1', minQuantity: '1.90', price: '32.50' },
    { notComputable: 'a price of a weight or of a kilogram: nothing tells which' },
  ],
  [
    'reward 0, which gives the shelf price and what the next one has off',
    { rewardType: '0', minQuantity: '2', price: '9.9', rate: '100' },
    {
      kind: 'unknown',
      agorot: null,
      notComputable: 'neither its numbers nor its code settle what it gives',
    },
  ],
  [
    'reward 2 of two and more units: all of them, or the second',
    { rewardType: '2', minQuantity: '2', price: '3.95', rate: '50.00' },
    { kind: 'unknown', notComputable: 'neither its numbers nor its code settle what it gives' },
  ],
  [
    'an n-th unit with a price',
    { rewardType: '9', minQuantity: '2', price: '15', rate: '50.00' },
    { kind: 'unknown', notComputable: 'neither its numbers nor its code settle what it gives' },
  ],
  [
    'two free ones of a group',
    { rewardType: '7', minQuantity: '4', giftCount: '2' },
    { kind: 'nth_unit', notComputable: 'neither its numbers nor its code settle what it gives' },
  ],
  [
    'a coupon that takes an amount off, whose numbers say free',
    { rewardType: '3', minQuantity: '1', price: '0', rate: '100.00', coupon: true },
    { notComputable: 'neither its numbers nor its code settle what it gives' },
  ],
]

test.each(kept)('not computable: %s', (_, cells, expected) => {
  expect(terms(cells)).toMatchObject(expected)
})

describe('limits and conditions', () => {
  test('units as they stand; 0 is none', () => {
    expect(terms({ ...bundle, maxQuantity: '6.00' }).maxQuantity).toBe(6000)
    expect(terms({ ...bundle, maxQuantity: '0' }).maxQuantity).toBeNull()
  })

  test('how many times it may be had', () => {
    expect(terms({ ...bundle, redemptionLimit: '3' }).maxQuantity).toBe(6000)
    expect(terms({ ...bundle, redemptionLimit: '2', maxQuantity: '2' }).maxQuantity).toBe(2000)
  })

  test('a weight is limited in kilograms, or in as many grams of minqty as kilograms are meant', () => {
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

  test('how often a weight may be had says nothing of its kilograms', () => {
    const cells = {
      rewardType: '1',
      price: '9.90',
      weighted: '1',
      minQuantity: '0.5',
      redemptionLimit: '2',
    }
    expect(terms(cells).notComputable).toBe('a limit in a unit that is not known')
  })

  test('the least basket is in shekels; clubs, coupon and moments are taken over', () => {
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
