import { expect, test } from 'bun:test'
import type { PromotionTerms } from '../terms/promotion.ts'
import { promotionOf } from '../testing/promotions.ts'
import { type SettledTerms, settleTerms } from './settle-terms.ts'

/** A description as a chain writes it, the terms of its cells, and the expected settled terms. */
type Case = [
  description: string,
  cells: Partial<PromotionTerms>,
  expected: Partial<SettledTerms>,
  text?: { remark?: string; rewardType?: string },
]

const NO_TERMS: PromotionTerms = promotionOf({ kind: 'bundle_price' })
const price = (agorot: number, quantity = 1) => ({ agorot, quantity: quantity * 1000 })
const perKg = (agorot: number, quantity = 0.01) =>
  ({ kind: 'price_per_kg', agorot, quantity: quantity * 1000 }) as const

function settled([description, cells, , text = {}]: Case): SettledTerms {
  const { remark = null, rewardType = '1' } = text
  return settleTerms({ ...NO_TERMS, ...cells }, { description, remark, rewardType })
}

const titled = (cases: Case[]) => cases.map((one) => ({ title: one[0], one }))

const taken: Case[] = [
  ['חומוס 7.90 מוג 4', price(790), { maxQuantity: 4000, conditionWords: ['מוג 4'] }],
  ['סלטי אחלה 7.90 מוגבל ל 2', price(790), { maxQuantity: 2000 }],
  ["6.90פינוק שמפו מוגבל 3 יח'", price(690), { maxQuantity: 3000 }],
  ['בשר קפוא 39.90 עד 4 ק', perKg(3990), { maxQuantity: 4000 }],
  ['כבד עוף טרי 11.90 עד4ק', perKg(1190), { maxQuantity: 4000 }],
  ['פילה סלמון 89.90 עד3קג מעל100', perKg(8990), { maxQuantity: 3000, minBasketAgorot: 10_000 }],
  ['אגס ב9.90 מעל 75 מו -2רשתי', perKg(990), { maxQuantity: 2000, minBasketAgorot: 7500 }],
  ['קורנפלקס ב9.90 מעל 99 מ2', price(990), { maxQuantity: 2000, minBasketAgorot: 9900 }],
  ['שמן 3ב12 מוגבל ל2 מימושים', price(1200, 3), { maxQuantity: 6000 }],
  ['שמן 3ב12 מו2', price(1200, 3), { maxQuantity: 6000 }],
  ['קפה ב19.90 לקונה מעל 99', price(1990), { minBasketAgorot: 9900 }],
  ['קפה ב19.90 בקנייה מעל 150', price(1990), { minBasketAgorot: 15_000 }],
  ['2ב115 סימילאק גולד 700 גרם-מות-299ישיר', price(11_500, 2), { minBasketAgorot: 29_900 }],
  ['599ש"ח ומעלה סוכר ב2.90', price(290), { minBasketAgorot: 59_900 }],
  ['קופון במבה ב1שח', price(100), { coupon: true, conditionWords: ['קופון'] }],
  [
    'בקניית 2 פריטי דלתא 20% הנחה',
    { kind: 'percent_off', rate: 2000 },
    { quantity: 2000, conditionWords: ['בקניית 2 פריט'] },
  ],
]

test.each(titled(taken))(
  'a condition that only the description states applies: $title',
  ({ one }) => {
    expect(settled(one)).toMatchObject({
      notComputable: null,
      conditionsFrom: 'text',
      described: 'agrees',
      ...one[2],
    })
  },
)

test('conditions that cells and description share are taken from the cells', () => {
  const both = settled(['סוכר ב2.80 מעל 75 מו3', { ...price(280), maxQuantity: 3000 }, {}])
  expect(both).toMatchObject({
    maxQuantity: 3000,
    minBasketAgorot: 7500,
    conditionsFrom: 'both',
    conditionWords: ['מו3', 'מעל 75'],
    notComputable: null,
  })
  expect(settled(['חלב 5.90', price(590), {}])).toMatchObject({
    conditionsFrom: 'cells',
    conditionWords: [],
  })
})

const refused: Case[] = [
  ['רויון 1.5% ב-12.90 ש"ח', price(990), { notComputable: 'its description states another price' }],
  ['יין 2 ב 110', price(10_000, 2), { notComputable: 'its description states another price' }],
  [
    'גל לפנים ב-20% הנחה',
    { kind: 'percent_off', rate: 2500 },
    { notComputable: 'its description states another rate' },
  ],
  [
    'חומוס 7.90 מוג 4',
    { ...price(790), maxQuantity: 2000 },
    { notComputable: 'its description states another limit' },
  ],
  [
    'סוכר ב2.80 מעל 75',
    { ...price(280), minBasketAgorot: 5000 },
    { notComputable: 'its description states another basket minimum' },
  ],
  [
    'שיפודי קפוא249.90עד3ק מעל',
    perKg(24_990),
    { notComputable: 'a basket minimum that its description cuts off' },
  ],
  [
    '19.90תחליב לתינוק מעל 1',
    price(1990),
    { notComputable: 'a basket minimum that its description cuts off' },
  ],
  [
    'קנה 3 מוצרי זיתא קבל רוטב לפסטה ב-5 ש"ח!',
    price(500),
    { notComputable: 'other goods must be bought for it' },
  ],
  [
    'וודקה 89.90 מועדון',
    price(8990),
    { notComputable: 'for a club that only its description names' },
  ],
  [
    'שעועית ב-15% אשראי',
    { kind: 'percent_off', rate: 1500 },
    { notComputable: 'for some means of payment only' },
  ],
]

test.each(titled(refused))(
  'a condition that cannot be checked makes the promotion not computable: $title',
  ({ one }) => {
    expect(settled(one)).toMatchObject({ described: 'disagrees', ...one[2] })
  },
)

const harmless: Case[] = [
  ['שמפו ב14.90', price(1260), { difference: 'vat' }],
  ['בירה קרומבכר 6*330 מ"ל ב29.90 כולל', price(2560), { difference: 'vat' }],
  ['מיץ תפוחים 17.90', price(1820), { difference: 'deposit' }],
  ['בירה מארז שישייה ב29.90', price(3170), { difference: 'deposit' }],
  ['קפה נמס 200 גרם ב24.90', price(2480), { difference: 'rounding' }],
  ['גבינת פרמזן 200ג ב1590', price(1590), { difference: 'decimal_point' }],
  ['לקקן מיקס פירות 210*4 ב 20', price(2000, 2), { difference: null }],
]

test.each(titled(harmless))(
  'a different figure for the same price is accepted and explained: $title',
  ({ one }) => {
    expect(settled(one)).toMatchObject({ notComputable: null, described: 'agrees', ...one[2] })
  },
)

const open = {
  kind: 'unknown',
  notComputable: 'neither its numbers nor its code settle what it gives',
} as const
const weight = {
  kind: 'bundle_price',
  weightUnsettled: true,
  notComputable: 'a price of a weight or of a kilogram: nothing tells which',
} as const

const settledByText: Case[] = [
  ['1+1 קינואה', { ...open, quantity: 1000 }, { kind: 'nth_unit', quantity: 2000, rate: 10_000 }],
  ['2+1 טחינה', { ...open, quantity: 2000 }, { kind: 'nth_unit', quantity: 3000, rate: 10_000 }],
  [
    'תחליפי גבינה השני בחצי מחיר!',
    { kind: 'percent_off', notComputable: 'no quantity', quantity: 0, rate: 5000 },
    { kind: 'nth_unit', quantity: 2000, rate: 5000 },
  ],
  [
    'קופון מתנה יוגורט',
    { kind: 'percent_off', rate: 10_000, notComputable: 'free, and no coupon is asked for' },
    { coupon: true, maxQuantity: 1000 },
    { rewardType: '2' },
  ],
  [
    'כנפית טרי 2קג ב-35',
    { ...weight, ...price(1750, 1.9) },
    { kind: 'price_per_kg', weightUnsettled: false },
  ],
  [
    'חזה עוף 2 ב 70',
    { ...weight, ...price(6475, 1.85) },
    { kind: 'bundle_price', weightReading: 'quantity', weightUnsettled: false },
  ],
  [
    'סלמי תה',
    { ...weight, ...price(5000, 0.3) },
    { kind: 'price_per_kg', weightReading: 'kilogram' },
    { remark: 'מחיר המבצע הינו המחיר לק"ג' },
  ],
]

test.each(titled(settledByText))(
  'the description settles what the cells leave open: $title',
  ({ one }) => {
    expect(settled(one)).toMatchObject({ notComputable: null, ...one[2] })
  },
)

test('a rate other than a half for the second unit settles nothing unless the cells state it', () => {
  const second: Case = ['ניקוי פנים השני ב40%', { ...open, quantity: 1000 }, {}]
  expect(settled(second).notComputable).toBe(open.notComputable)
})
