import { describe, expect, test } from 'bun:test'
import { readWeekdays } from '../promotions/promo-days.ts'
import type { Row } from '../testing/ingest.ts'
import { promoCsv, promoSource, readPromotions } from '../testing/promo-rows.ts'

/**
 * Tests promotions with different rows or items, and differences that do not change the terms
 * (docs/data-quality.md).
 */

const [A, B, C] = ['7291234500015', '7291234500022', '7291234500039']

/** A row of dialect C with one item. */
const c = (itemcode: string, discountedprice: string, rest: Row = {}): Row => ({
  promotionid: '200',
  promotiondetails: 'מבצעי השבוע',
  promotionstartdate: '2026/05/01',
  promotionenddate: '2026/05/31',
  rewardtype: '1',
  minqty: '1',
  discountrate: '',
  discountedprice,
  itemcode,
  clubid: '0',
  ...rest,
})
/** A promotion of dialect B. */
const b = (groups: unknown, rest: Row = {}): Row => ({
  promotionid: '200',
  promotiondescription: 'מבצע',
  promotionstartdatetime: '2026-05-01T00:00:00.000',
  promotionenddatetime: '2026-05-31T23:59:00.000',
  clubid: '0',
  groups: JSON.stringify({ group: groups }),
  ...rest,
})
const items = (...list: Row[]) => ({
  groupid: '1',
  discounttype: 'NO_BODY',
  promotionitems: {
    promotionitem: list.map((item) => ({
      rewardtype: '1',
      minqty: '1',
      maxqty: 'NO_BODY',
      ...item,
    })),
  },
})

async function termsOf(...rows: Row[]) {
  const read = await readPromotions(promoCsv(promoSource(rows)))
  return { ...read, terms: read.terms['200'] }
}

describe('a price per item', () => {
  const ownPrices = {
    itemCodes: [A, B, C],
    agorot: null,
    itemAgorot: { [A]: 800, [B]: 1600, [C]: 2400 },
  }

  test('items of dialect C rows keep their own prices, in any order of the rows', async () => {
    const rows = [c(A, '8.00'), c(B, '16.00'), c(C, '24.00')]
    const { terms, counts } = await termsOf(...rows)
    expect(terms).toMatchObject({ ...ownPrices, notComputable: null })
    expect(counts).toMatchObject({ rows: 3, loaded: 3, repeated: 0 })
    const turned = await termsOf(...rows.toReversed())
    expect(turned.terms?.digest).toBe(terms?.digest ?? '')
  })

  test('items of dialect B keep their own prices', async () => {
    const group = items(
      { itemcode: A, discountedprice: '8.00' },
      { itemcode: B, discountedprice: '16.00' },
      { itemcode: C, discountedprice: '24' },
    )
    expect((await termsOf(b(group))).terms).toMatchObject(ownPrices)
  })

  test('the last of two rows of an item counts', async () => {
    const { terms, counts } = await termsOf(
      c(A, '9.00'),
      c(B, '16.00'),
      c(C, '24.00'),
      c(A, '8.00'),
    )
    expect(terms).toMatchObject(ownPrices)
    expect(counts).toMatchObject({ rows: 4, loaded: 3, repeated: 1 })
  })

  test('equal cells give the same terms in another store', async () => {
    const first = await termsOf(c(A, '8.00'), c(B, '16.00'))
    const again = await readPromotions(
      promoCsv(promoSource([c(B, '16.00'), c(A, '8.00')], { store: '2' })),
      { registry: first.registry },
    )
    expect(again.registry.fresh.terms).toHaveLength(1)
    expect(again.files[0]?.list?.values).toEqual(Int32Array.of(1))
  })

  test('parts with prices of several units or other differences are kept with all items', async () => {
    const bundles = [c(A, '8', { minqty: '2' }), c(B, '16', { minqty: '2' })]
    const limits = [c(A, '8', { maxqty: '1' }), c(B, '8', { maxqty: '2' })]
    for (const rows of [bundles, limits]) {
      const { terms } = await termsOf(...rows)
      expect(terms).toMatchObject({
        itemCodes: [A, B],
        notComputable: 'parts with different terms',
      })
    }
  })
})

describe('a percentage with the price of each item', () => {
  const twenty = { kind: 'percent_off', rate: 2000, itemCodes: [A, B], notComputable: null }
  const rest = { rewardtype: '2', discountrate: '20.00' }

  test('a percentage with item prices is one percentage in dialect B', async () => {
    const group = items(
      { itemcode: A, discountedprice: '8.00', ...rest },
      { itemcode: B, discountedprice: '16.00', ...rest },
    )
    expect((await termsOf(b(group))).terms).toMatchObject(twenty)
  })

  test('a percentage with item prices is one percentage in dialect C', async () => {
    expect((await termsOf(c(A, '8', rest), c(B, '16', rest))).terms).toMatchObject(twenty)
  })

  test('a percentage with item prices may have a percent sign', async () => {
    const signed = { ...rest, discountrate: '20%' }
    expect((await termsOf(c(A, '8', signed), c(B, '16', signed))).terms).toMatchObject(twenty)
  })

  test('different percentages make several parts', async () => {
    const { terms } = await termsOf(c(A, '8', rest), c(B, '16', { ...rest, discountrate: '30.00' }))
    expect(terms).toMatchObject({ itemCodes: [A, B], notComputable: 'parts with different terms' })
  })
})

test('a promotion on one item from each of two groups is not one on any single item', async () => {
  const [first, other] = [
    items({ itemcode: A, discountedprice: '10' }),
    items({ itemcode: B, discountedprice: '10' }),
  ]
  const apart = await termsOf(b([first, { ...other, groupid: '2' }]))
  expect(apart.terms).toMatchObject({
    itemCodes: [A, B],
    notComputable: expect.stringContaining('groups'),
  })
  const same = await termsOf(b([first, other]))
  expect(same.terms).toMatchObject({ itemCodes: [A, B], notComputable: null })
})

describe('equal promotions', () => {
  const oneItem = items({ itemcode: A, discountedprice: '8.00' })
  test.each([
    'promotionupdatetime',
    'promotionupdatedate',
    'lastupdatetime',
    'rowversion',
    'modifiedon',
  ])('whatever %s says', async (column) => {
    const first = await readPromotions(
      promoCsv(promoSource([b(oneItem, { [column]: '2026-05-01T01:00' })])),
    )
    const next = b(oneItem, { [column]: '2026-05-02T01:00' })
    const second = await readPromotions(promoCsv(promoSource([next], { at: '202605020300' })), {
      registry: first.registry,
    })
    expect(second.registry.fresh.terms).toHaveLength(1)
    expect(second.files[0]?.list?.values).toEqual(Int32Array.of(1))
  })

  test('an unknown column is kept and does not change the terms', async () => {
    expect((await termsOf(b(oneItem, { mood: 'good' }))).terms?.extra).toEqual({ mood: 'good' })
  })
})

test('a zero at the end of a name before the price is not a count of units', async () => {
  const oneItem = items({ itemcode: A, discountedprice: '8.00' })
  const { terms } = await termsOf(b(oneItem, { promotiondescription: 'מוצר 0 ב 8' }))
  expect(terms).toMatchObject({ agorot: 800, notComputable: null })
})

describe('days of the week', () => {
  const oneItem = items({ itemcode: A, discountedprice: '8.00' })

  test.each([
    ['1,2,3', [0, 1, 2]],
    ['6', [5]],
    ['135', [0, 2, 4]],
    ['0000011', [5, 6]],
    ['א-ה', [0, 1, 2, 3, 4]],
    ["ימים ו' ש'", [5, 6]],
    ['Sunday, Monday', [0, 1]],
    ['1-7', null],
    ['1111111', null],
    ['', null],
    ['NO_BODY', null],
    ['0', null],
    ['08:00-12:00', undefined],
    ['ה-א', undefined],
    ['8', undefined],
  ])('%j is %p', (text, days) => {
    expect(readWeekdays(text)).toEqual(days as number[])
  })

  test('weekdays restrict a promotion, and unreadable ones make it not computable', async () => {
    expect((await termsOf(b(oneItem, { promotiondays: '1,2' }))).terms).toMatchObject({
      weekdays: [0, 1],
      notComputable: null,
    })
    expect((await termsOf(b(oneItem, { promotiondays: 'בוקר' }))).terms).toMatchObject({
      notComputable: 'days of the week that cannot be read',
    })
    expect((await termsOf(b(oneItem, { promotiondays: "''" }))).terms).toMatchObject({
      weekdays: null,
    })
  })
})

describe('clubs', () => {
  const one = items({ itemcode: A, discountedprice: '8.00' })
  test.each([
    ['1 - מועדון הבית', ['1']],
    ['1-מועדון', ['1']],
    ['3: חברים', ['3']],
    ['(2) אשראי', ['2']],
    ['\u200f1 – מועדון', ['1']],
    ['1 - א; 3 - ב', ['1', '3']],
    ['1, 3', ['1', '3']],
    ['1.0', ['1']],
    ['{"clubid": ["1 - א", "NO_BODY"]}', ['1']],
    ['0 - לכולם', []],
    ['NO_BODY', []],
    ['מועדון 5', ['מועדון 5']],
    ['???', ['???']],
  ])('%j is %p', async (clubid, clubs) => {
    expect((await termsOf(b(one, { clubid }))).terms?.clubs).toEqual(clubs)
  })

  test('the name of a club is kept outside the terms', async () => {
    const { terms } = await termsOf(b(one, { clubid: '1 - מועדון הבית' }))
    expect(terms?.extra).toEqual({ clubs: '1 - מועדון הבית' })
    const other = await termsOf(b(one, { clubid: '1' }))
    expect(other.terms?.digest).toBe(terms?.digest ?? '')
  })
})

describe('words for nothing in nested cells', () => {
  const computed = {
    kind: 'bundle_price',
    agorot: 800,
    notComputable: null,
    coupon: false,
    clubs: [],
  }

  test.each(['NO_BODY', '', 'null', 'N/A', '-'])(
    '%j in the terms of an item is an empty value',
    async (word) => {
      const item = { itemcode: A, discountedprice: '8.00', maxqty: word, discountrate: word }
      const group = { ...items(item), discounttype: word, minpurchaseamount: word }
      expect((await termsOf(b(group))).terms).toMatchObject(computed)
    },
  )

  test.each(['NO_BODY', '', 'null', 'N/A', '-'])(
    '%j in restrictions, clubs and items',
    async (word) => {
      const restrictions = { additionaliscoupon: word, additionalisactive: word, clubid: word }
      const { terms } = await termsOf({
        ...c(A, '8.00'),
        additionalrestrictions: JSON.stringify(restrictions),
        clubid: word === '' ? "''" : word,
        promotionitems: JSON.stringify({ item: [{ itemcode: word }, { itemcode: B }] }),
      })
      expect(terms).toMatchObject({ ...computed, itemCodes: [A, B], extra: null })
    },
  )
})
