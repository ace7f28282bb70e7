import { describe, expect, test } from 'bun:test'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleTruth, writeSample } from '../../../scripts/sample/generate.ts'
import { newRegistry } from '../staging/registry.ts'
import { CHAIN, csvOf, KEYS, type Row } from '../testing/ingest.ts'
import { itemsOf, promoCsv, promoSource, type Read, readPromotions } from '../testing/promo-rows.ts'

/** Tests the rules of dataset.md for promotion files: dialects, masking, repeats and rejects. */

const MILK = '7290000170130'
const BREAD = '7290000170147'
const NEVER = "''"

/** Two for ten, of milk, in dialect A. */
const row = (promotionid: string, rest: Row = {}): Row => ({
  promotionid,
  promotiondescription: 'חלב 2 ב 10',
  promotionupdatedate: '2026-05-01 02:40:00',
  promotionstartdate: '2026-05-01',
  promotionstarthour: '00:00:00',
  promotionenddate: '2026-05-31',
  promotionendhour: '23:59:00',
  rewardtype: '1',
  discountrate: NEVER,
  allowmultiplediscounts: '1',
  minqty: '2.00',
  maxqty: NEVER,
  discountedprice: '10.00',
  additionalrestrictions: '{"additionaliscoupon": "0", "additionalisactive": "1"}',
  promotionitems: itemsOf(MILK),
  clubs: '{"clubid": "0"}',
  ...rest,
})

/** The digest of the terms of each promotion in a list; null for a switched-off one. */
function listed({ files, registry }: Read, file = 0): Record<string, string | null> {
  const codes = new Map(
    [...registry.promotions].map(([key, id]) => [id, key.replace(`${CHAIN}/`, '')]),
  )
  const digests = new Map([...registry.termsByDigest].map(([digest, id]) => [id, digest]))
  const { keys, values } = files[file]?.list ?? { keys: [], values: [] }
  return Object.fromEntries(
    [...keys].map((id, i) => [codes.get(id), digests.get(values[i] ?? 0) ?? null]),
  )
}

describe('dialect A', () => {
  test('dialect A has one promotion per row', async () => {
    const { terms, files, counts } = await readPromotions(promoCsv(promoSource([row('100')])))
    expect(terms['100']).toMatchObject({
      chainId: CHAIN,
      kind: 'bundle_price',
      quantity: 2000,
      agorot: 1000,
      rate: null,
      notComputable: null,
      itemCodes: [MILK],
      giftCodes: [],
      clubs: [],
      coupon: false,
      combines: true,
      startsAt: Date.parse('2026-04-30T21:00:00Z'),
      endsAt: Date.parse('2026-05-31T20:59:00Z'),
      rewardType: '1',
      description: 'חלב 2 ב 10',
      remark: null,
      extra: null,
      described: 'agrees',
    })
    expect(files[0]?.list).toMatchObject({
      storeId: 1,
      full: true,
      rows: 1,
      moment: Date.parse('2026-05-01T00:00:00Z'),
    })
    expect(counts).toEqual({ rows: 1, loaded: 1, off: 0, repeated: 0, rejects: 0, notForSale: 0 })
  })

  test('items are an object or an array; codes are normalised, sorted and unique; zeros are ignored', async () => {
    const items = itemsOf(`00${BREAD}`, MILK, BREAD, '0000000000000', '0012')
    const { terms } = await readPromotions(
      promoCsv(promoSource([row('100', { promotionitems: items })])),
    )
    expect(terms['100']?.itemCodes).toEqual(['12', MILK, BREAD])
  })

  test('gifts are not counted as items', async () => {
    const item = [
      { itemcode: MILK, isgiftitem: '0' },
      { itemcode: BREAD, isgiftitem: '1' },
    ]
    const { terms } = await readPromotions(
      promoCsv(promoSource([row('100', { promotionitems: JSON.stringify({ item }) })])),
    )
    expect(terms['100']).toMatchObject({ itemCodes: [MILK], giftCodes: [BREAD] })
  })

  test('if one of n units is free and all items are flagged as gifts, they are its items', async () => {
    const item = [MILK, BREAD].map((itemcode) => ({ itemcode, isgiftitem: '1' }))
    const free = { rewardtype: '9', minqty: '3', discountrate: '100.00', discountedprice: '0' }
    const { terms } = await readPromotions(
      promoCsv(promoSource([row('100', { ...free, promotionitems: JSON.stringify({ item }) })])),
    )
    expect(terms['100']).toMatchObject({
      kind: 'nth_unit',
      itemCodes: [MILK, BREAD],
      giftCodes: [],
      notComputable: null,
    })
  })

  test.each(['', NEVER, '{}', '{"item": null}', '{"item": []}', '{"item": ""}'])(
    'without items (%p) it is kept, not computable',
    async (promotionitems) => {
      const { terms, counts } = await readPromotions(
        promoCsv(promoSource([row('100', { promotionitems })])),
      )
      expect(terms['100']).toMatchObject({ itemCodes: [], notComputable: 'no items', agorot: 1000 })
      expect(counts.rejects).toBe(0)
    },
  )

  test('clubs are read from their own cell, plain text or the restrictions; 0 means everyone', async () => {
    const nested =
      '{"additionaliscoupon": "0", "clubs": {"clubid": "3"}, "additionalisactive": "1"}'
    const rows = [
      row('100', { clubs: '{"clubid": ["2", "1"]}' }),
      row('101', { clubs: '0 - כלל הלקוחות' }),
      row('102', { clubs: NEVER, clubid: '7' }),
      row('103', { clubs: NEVER, clubid: NEVER, additionalrestrictions: nested }),
      row('104', { clubs: '{"clubid": ["0", "5"]}' }),
    ]
    const { terms } = await readPromotions(promoCsv(promoSource(rows)))
    expect(Object.values(terms).map(({ clubs }) => clubs)).toEqual([
      ['1', '2'],
      [],
      ['7'],
      ['3'],
      [],
    ])
  })

  test('values of unmapped columns are kept in extra, except zeros', async () => {
    const restrictions =
      '{"additionaliscoupon": "1", "additionalgiftcount": "2.00", "additionalistotal": "0", "newrule": "7"}'
    const remarks = '{"remark": ["עד גמר המלאי", "טל\\"ח"]}'
    const { terms } = await readPromotions(
      promoCsv(
        promoSource([
          row('100', {
            additionalrestrictions: restrictions,
            remarks,
            minamount: '5.00',
            weightunit: '1',
          }),
        ]),
      ),
    )
    expect(terms['100']).toMatchObject({
      coupon: true,
      minBasketAgorot: 500,
      extra: { giftCount: '2', minBasket: '5', newrule: '7' },
      remark: 'עד גמר המלאי טל"ח',
    })
  })
})

test('characters that PostgreSQL cannot store are removed from promotions', async () => {
  const cells = {
    promotionid: '100\0',
    promotionitems:
      '{"item": [{"itemcode": "7\\ud800"}, {"itemcode": "8\\u0000"}, {"itemcode": {}}, null, [], 5]}',
    additionalrestrictions: '{"\\ud800\\u0000": "x\\ud800", "deep": {"er": 1}}',
    clubs: '{"clubid": ["\\ud800", "\\u0000"]}',
  }
  const { terms } = await readPromotions(promoCsv(promoSource([row('100', cells)])))
  expect(terms['100']).toMatchObject({
    code: '100',
    itemCodes: ['5', '7\uFFFD', '8'],
    clubs: ['\uFFFD'],
    extra: { '\uFFFD': 'x\uFFFD' },
  })
  expect(JSON.stringify(terms)).not.toMatch(/\\u(d8|0000)/)
})

describe('dialect B', () => {
  const item = (itemcode: string, rest: Row = {}) => ({
    itemcode,
    rewardtype: '1',
    minqty: '3',
    maxqty: '',
    discountrate: '',
    discountedprice: '12.00',
    bisweighted: '0',
    ...rest,
  })
  const group = (groupid: string, ...items: Row[]) => ({
    groupid,
    minpurchaseamount: '50',
    discounttype: '0',
    promotionitems: { promotionitem: items.length === 1 ? items[0] : items },
  })
  const b = (promotionid: string, ...groups: unknown[]): Row => ({
    promotionid,
    promotiondescription: 'לחם 3 ב 12',
    promotionupdatedate: '2026-05-01 02:40:00',
    promotionstartdatetime: '2026-05-01T00:00:00.000',
    promotionenddatetime: '31/05/2026 23:59:00',
    redemptionlimit: '2',
    minnoofitemoffered: '1',
    clubid: '0',
    additionaliscoupon: '1',
    groups: JSON.stringify({ group: groups.length === 1 ? groups[0] : groups }),
  })

  test('dialect B has the terms in the groups and items', async () => {
    const { terms } = await readPromotions(
      promoCsv(promoSource([b('200', group('1', item(MILK), item(BREAD)))])),
    )
    expect(terms['200']).toMatchObject({
      kind: 'bundle_price',
      quantity: 3000,
      agorot: 1200,
      maxQuantity: 6000,
      minBasketAgorot: 5000,
      coupon: true,
      clubs: [],
      itemCodes: [MILK, BREAD],
      notComputable: null,
      startsAt: Date.parse('2026-04-30T21:00:00Z'),
      endsAt: Date.parse('2026-05-31T20:59:00Z'),
      described: 'agrees',
    })
  })

  test('a promotion with several groups is not computable, with equal or different terms', async () => {
    const same = b('200', group('1', item(MILK)), group('2', item(BREAD)))
    const different = b('201', group('1', item(MILK)), group('2', item(BREAD, { minqty: '1' })))
    const within = b('202', group('1', item(MILK), item(BREAD, { discountedprice: '9' })))
    const { terms } = await readPromotions(promoCsv(promoSource([same, different, within])))
    expect(terms['200']).toMatchObject({
      itemCodes: [MILK, BREAD],
      notComputable: 'several groups of items, which may have to be bought together',
    })
    for (const code of ['201', '202']) {
      expect(terms[code]).toMatchObject({
        itemCodes: [MILK, BREAD],
        notComputable: 'parts with different terms',
      })
    }
  })

  test('a weighed item makes the promotion price a price per kilogram', async () => {
    const { terms } = await readPromotions(
      promoCsv(
        promoSource([b('200', group('1', item('12', { minqty: '0.5', bisweighted: '1' })))]),
      ),
    )
    expect(terms['200']).toMatchObject({ kind: 'price_per_kg', quantity: 500, agorot: 1200 })
  })
})

describe('dialect C', () => {
  const c = (promotionid: string, itemcode: string, rest: Row = {}): Row => ({
    promotionid,
    itemcode,
    promotiondetails: 'השני ב50%',
    promotionstartdate: '2026-05-01',
    promotionenddate: '2026-05-31',
    rewardtype: '9',
    discountrate: '50.00',
    minqty: '2',
    discountedprice: NEVER,
    discountedpricepermida: itemcode,
    giftsitems: NEVER,
    additionalscoupon: '0',
    minpurchaseamount: '0',
    minnoofitemsoffered: '1',
    clubid: '0',
    ...rest,
  })

  test('the rows of a promotion are merged with all items, even if they are not adjacent', async () => {
    const rows = [c('300', BREAD), c('301', MILK), c('300', MILK), c('300', MILK)]
    const { terms, counts, files } = await readPromotions(promoCsv(promoSource(rows)))
    expect(terms['300']).toMatchObject({
      kind: 'nth_unit',
      quantity: 2000,
      rate: 5000,
      itemCodes: [MILK, BREAD],
      startsAt: Date.parse('2026-04-30T21:00:00Z'),
      endsAt: Date.parse('2026-05-31T20:59:59Z'),
      minBasketAgorot: null,
    })
    expect(terms['301']?.itemCodes).toEqual([MILK])
    expect(files[0]?.list?.keys).toEqual(Int32Array.of(1, 2))
    expect(counts).toEqual({ rows: 4, loaded: 4, off: 0, repeated: 0, rejects: 0, notForSale: 0 })
  })

  test('dialect C has gifts in a separate cell', async () => {
    const rows = [
      c('300', MILK, { giftsitems: '{"item": [{"itemcode": "12"}]}' }),
      c('301', MILK, { giftsitems: BREAD }),
    ]
    const { terms } = await readPromotions(promoCsv(promoSource(rows)))
    expect([terms['300']?.giftCodes, terms['301']?.giftCodes]).toEqual([['12'], [BREAD]])
  })

  test('the order of rows and columns and the format of numbers do not change the terms', async () => {
    const first = await readPromotions(promoCsv(promoSource([c('300', BREAD), c('300', MILK)])))
    const turned = [c('300', MILK, { minqty: '2.00' }), c('300', BREAD, { minqty: '2.00' })].map(
      (cells) => Object.fromEntries(Object.entries(cells).reverse()),
    )
    const again = await readPromotions(
      promoCsv(promoSource(turned, { store: '2', at: '202605020300' })),
      {
        registry: first.registry,
      },
    )
    expect(again.registry.fresh.terms.length).toBe(1)
    expect(again.registry.termsByWording.size).toBe(2)
    expect(again.files[0]?.list?.values).toEqual(Int32Array.of(1))
  })
})

describe('masking', () => {
  const columns = [...KEYS, ...Object.keys(row('1')), 'remarks']

  test("newer form: an empty cell inherits the row above in its block, and '' is really empty", async () => {
    const rows = [
      ...promoSource([
        row('100', { remarks: 'הערה' }),
        { promotionid: '101' },
        { promotionid: '102', discountedprice: NEVER },
      ]),
      ...promoSource([{ ...row('103'), discountedprice: '' }], { store: '2' }),
    ]
    const { terms } = await readPromotions(csvOf(columns, rows))
    const termsRows = Object.values(terms).map(({ code, agorot, remark }) => [code, agorot, remark])
    expect(termsRows).toEqual([
      ['100', 1000, 'הערה'],
      ['101', 1000, 'הערה'],
      ['102', null, 'הערה'],
      ['103', null, null],
    ])
  })

  test('older form: only empty key cells inherit the row above', async () => {
    const bare = Object.fromEntries(
      Object.entries(row('100')).filter(([, value]) => value !== NEVER),
    )
    const { terms, counts } = await readPromotions(
      csvOf(columns, promoSource([bare, { promotionid: '101' }, {}])),
      {
        masking: 'keys',
      },
    )
    expect(terms['100']?.agorot).toBe(1000)
    expect(terms['101']).toMatchObject({ agorot: null, itemCodes: [], description: null })
    expect(counts).toMatchObject({ rows: 3, rejects: 1 })
  })
})

describe('lists', () => {
  test('the promotions of a list are sorted, in any order of the file', async () => {
    const first = await readPromotions(promoCsv(promoSource([row('100'), row('101'), row('102')])))
    const again = await readPromotions(
      promoCsv(promoSource([row('102'), row('100', { minqty: '3' })], { store: '2' })),
      {
        registry: first.registry,
        full: false,
      },
    )
    expect(again.files[0]?.list).toMatchObject({
      full: false,
      keys: Int32Array.of(1, 3),
      values: Int32Array.of(4, 3),
    })
  })

  test('a promotion with known cells is not read again for another store or a newer update time', async () => {
    const { registry } = await readPromotions(promoCsv(promoSource([row('100')])))
    registry.fresh.terms.length = 0
    const other = row('100', {
      promotionupdatedate: '2026-05-02 02:40:00',
      discountedpricepermida: '5.00',
    })
    const { files } = await readPromotions(promoCsv(promoSource([other], { store: '7' })), {
      registry,
    })
    expect(registry.fresh.terms).toEqual([])
    expect(files[0]?.list).toMatchObject({
      storeId: 2,
      keys: Int32Array.of(1),
      values: Int32Array.of(1),
    })
  })

  test('a switched-off promotion is in the list without terms', async () => {
    const off = row('100', { additionalrestrictions: '{"additionalisactive": "0"}' })
    const read = await readPromotions(promoCsv(promoSource([off, row('101')])))
    expect(listed(read)).toMatchObject({ '100': null, '101': expect.any(String) })
    expect(read.counts).toEqual({
      rows: 2,
      loaded: 1,
      off: 1,
      repeated: 0,
      rejects: 0,
      notForSale: 0,
    })
    expect(read.terms['100']).toBeUndefined()
  })

  test('rows of a repeated promotion are merged if their terms are equal, else the last row counts', async () => {
    const rows = [
      row('100'),
      row('101'),
      row('100', { promotionitems: itemsOf(BREAD) }),
      row('101', { minqty: '3' }),
    ]
    const first = await readPromotions(promoCsv(promoSource(rows)))
    expect(first.terms['100']?.itemCodes).toEqual([MILK, BREAD])
    expect(first.terms['101']?.quantity).toBe(3000)
    expect(first.registry.fresh.terms.length).toBe(2)
    expect(first.counts).toEqual({
      rows: 4,
      loaded: 3,
      off: 0,
      repeated: 1,
      rejects: 0,
      notForSale: 0,
    })
    const withKnownTerms = await readPromotions(
      promoCsv(promoSource([row('100', { minqty: '3' }), ...rows])),
      {
        registry: first.registry,
      },
    )
    expect(withKnownTerms.registry.fresh.terms.length).toBe(2)
    expect(withKnownTerms.files[0]?.list?.values).toEqual(
      first.files[0]?.list?.values as Int32Array,
    )
  })

  test('the digest of a list does not depend on the folder column', async () => {
    const csv = promoCsv(promoSource([row('100')]))
    const digest = async (text: string) =>
      (await readPromotions(text)).files[0]?.sha256.toString('hex')
    expect(await digest(csv.replace('dumps/x', 'dumps/y'))).toBe(await digest(csv))
    expect(await digest(csv.replace('10.00', '10.01'))).not.toBe(await digest(csv))
  })
})

test('the promotions of the sample match its truth file in all three dialects', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'super-zol-promotions-'))
  try {
    const options = { days: 4, stores: 12, products: 300 }
    const registry = newRegistry()
    const total = { rows: 0, off: 0, repeated: 0, rejects: 0 }
    for (const path of await writeSample(folder, options)) {
      for (const name of (await readdir(path)).filter((name) => /^promo_.*\.csv$/.test(name))) {
        const { counts } = await readPromotions(await readFile(join(path, name), 'utf8'), {
          registry,
        })
        for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += counts[key]
      }
    }
    const { rows, promotions } = sampleTruth(options)
    expect(total).toEqual({ rows: rows.promo + rows.promo_full, off: 0, repeated: 0, rejects: 0 })
    const { terms } = registry.fresh
    const kinds = Map.groupBy(terms, ({ kind }) => kind)
    expect({
      terms: terms.length,
      kinds: Object.fromEntries([...kinds].map(([kind, of]) => [kind, of.length])),
      not_computable: terms.filter(({ notComputable }) => notComputable !== null).length,
    }).toEqual(promotions)
    expect(Object.keys(promotions.kinds).length).toBe(6)
    expect(terms.filter(({ described }) => described === 'disagrees')).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})

describe('rejects', () => {
  test('an unreadable promotion is rejected with its line, reason and raw row, and other rows are read', async () => {
    const rows = [
      row('100'),
      row(NEVER),
      row('101', { promotionitems: '{"item": [{"itemcode": ' }),
      row('102', { additionalrestrictions: '{"additionaliscoupon"' }),
      row('103', { clubs: '{clubid}' }),
      row('104', { promotionstartdate: '2026-13-01' }),
      row('105', { promotionendhour: 'חצות' }),
      row('106', { groups: '[' }),
      row('107', { groups: NEVER, storeid: '9' }),
      row('108', { storeid: '1' }),
    ]
    const csv = promoCsv(promoSource(rows))
    const { counts, files, terms } = await readPromotions(`${csv},,,\n`)
    expect(files[0]?.rejects.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '3 no promotion id',
      '4 promotionitems that cannot be read',
      '5 additionalrestrictions that cannot be read',
      '6 clubs that cannot be read',
      '7 a start that cannot be read: 2026-13-01 00:00:00',
      '8 an end that cannot be read: 2026-05-31 חצות',
      '9 groups that cannot be read',
      '10 another store than its source file: 9',
      `12 4 cells instead of ${KEYS.length + Object.keys(row('1')).length + 1}`,
    ])
    expect(files[0]?.rejects[0]?.raw).toBe(csv.split('\n')[2] as string)
    expect(Object.keys(terms)).toEqual(['100', '108'])
    expect(counts).toEqual({ rows: 11, loaded: 2, off: 0, repeated: 0, rejects: 9, notForSale: 0 })
  })

  test('a source file without a timestamp gives no list', async () => {
    const { files } = await readPromotions(promoCsv(promoSource([row('100')], { at: 'gestern' })))
    expect(files[0]).toMatchObject({
      list: null,
      rejects: [{ reason: expect.stringContaining('no date and time') }],
    })
  })

  test('a file without promotion ids, and an empty file, are errors', async () => {
    await expect(readPromotions(csvOf([...KEYS, 'minqty'], []))).rejects.toThrow(
      'without the column promotionid',
    )
    await expect(readPromotions('')).rejects.toThrow('Cannot read a promotion file: it is empty')
  })
})
