import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import {
  type Bench,
  CHAIN,
  csvOf,
  currentOf,
  deltas,
  fullLists,
  item,
  KEYS,
  openBench,
  type Row,
  type Source,
  sourceRows,
  spansOf,
  storeFile,
} from '../testing/ingest.ts'

/** Tests the rules of dataset.md for price and store files, one small version each. */

const OTHER = '7290000000024'
const MILK = '7290000170130'
const BREAD = '7290000170147'
const AT = '202605010300'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
beforeEach(() => bench.empty())
afterAll(() => bench.close())

/** A CSV with one full list of one store. */
const full = (rows: Row[], source: Partial<Source> = {}, extra: string[] = []) => ({
  'price_full_file_x.csv': fullLists([{ at: AT, rows, ...source }], extra),
})

async function rejects(): Promise<unknown[]> {
  return [
    ...(await bench.sql`select file_name, line::integer, reason, raw from ingestion.rejects order by id`),
  ]
}

async function products(): Promise<Record<string, unknown>[]> {
  return [
    ...(await bench.sql`select code, chain_id, name, manufacturer, country, unit_of_measure as unit,
    trim_scale(unit_quantity) as quantity, is_weighted as weighted, extra from catalog.products order by code, chain_id`),
  ]
}

async function stores(): Promise<Record<string, unknown>[]> {
  return [
    ...(await bench.sql`select chain_id, store_number as number, name, store_type as type, sub_chain, city, city_code,
    address, zip, latitude, longitude from catalog.stores order by chain_id, store_number`),
  ]
}

describe('masking', () => {
  const columns = [
    ...KEYS,
    'itemcode',
    'itemname',
    'manufacturername',
    'manufacturecountry',
    'itemprice',
  ]
  const block = (store: string, rows: Row[]): Row[] =>
    sourceRows('PriceFull', [{ store, at: AT, rows }])

  test("newer form: an empty cell inherits the row above, and '' is really empty and inherited as empty", async () => {
    const rows = block('1', [
      {
        itemcode: MILK,
        itemname: 'חלב',
        manufacturername: 'מחלבה',
        manufacturecountry: "''",
        itemprice: '5.90',
      },
      { itemcode: BREAD },
      { itemcode: '101', itemname: 'גזר', manufacturername: "''", itemprice: '4' },
      { itemcode: '102' },
    ])
    await bench.load('v', { 'price_full_file_x.csv': csvOf(columns, rows) })
    expect(await currentOf(bench.sql)).toEqual([
      `${CHAIN}/1 ${CHAIN}-101 4.00`,
      `${CHAIN}/1 ${CHAIN}-102 4.00`,
      `${CHAIN}/1 ${MILK} 5.90`,
      `${CHAIN}/1 ${BREAD} 5.90`,
    ])
    const productRows = (await products()).map(({ code, name, manufacturer, country }) => [
      code,
      name,
      manufacturer,
      country,
    ])
    expect(productRows).toEqual([
      ['101', 'גזר', null, null],
      ['102', 'גזר', null, null],
      [MILK, 'חלב', 'מחלבה', null],
      [BREAD, 'חלב', 'מחלבה', null],
    ])
  })

  test('newer form: a row of only commas repeats the row above', async () => {
    const rows = block('1', [{ ...item(MILK, '5.90'), manufacturername: "''" }, {}])
    const summary = await bench.load('v', { 'price_full_file_x.csv': csvOf(columns, rows) })
    expect(summary.versions[0]).toMatchObject({
      rows: { price_full: 2 },
      repeated_codes: 1,
      rejects: 0,
    })
  })

  test('newer form: the first row of a block inherits nothing from the previous block', async () => {
    const first = {
      itemcode: MILK,
      itemname: 'חלב',
      manufacturername: 'מחלבה',
      manufacturecountry: "''",
      itemprice: '5',
    }
    const rows = [...block('1', [first]), ...block('2', [{ itemcode: BREAD, itemname: 'לחם' }])]
    await bench.load('v', { 'price_full_file_x.csv': csvOf(columns, rows) })
    expect(await currentOf(bench.sql)).toEqual([`${CHAIN}/1 ${MILK} 5.00`])
    expect(await rejects()).toMatchObject([{ line: 3, reason: 'no price' }])
    expect((await products()).map(({ name, manufacturer }) => [name, manufacturer])).toEqual([
      ['חלב', 'מחלבה'],
      ['לחם', null],
    ])
  })

  test("older form, without a '' cell: only empty key cells inherit the row above", async () => {
    const rows = block('1', [
      { itemcode: MILK, itemname: 'חלב', manufacturername: 'מחלבה', itemprice: '5.90' },
      { itemcode: BREAD, itemname: 'לחם', itemprice: '7' },
      { itemcode: '101', itemname: 'גזר' },
      {},
    ])
    await bench.load('v', { 'price_full_file_x.csv': csvOf(columns, rows) })
    expect(await currentOf(bench.sql)).toEqual([
      `${CHAIN}/1 ${MILK} 5.90`,
      `${CHAIN}/1 ${BREAD} 7.00`,
    ])
    expect((await products()).map(({ name, manufacturer }) => [name, manufacturer])).toEqual([
      ['גזר', null],
      ['חלב', 'מחלבה'],
      ['לחם', null],
    ])
    expect(await rejects()).toMatchObject([
      { line: 4, reason: 'no price' },
      { line: 5, reason: 'no item code' },
    ])
  })

  test('the folder column does not change the identity of a list', async () => {
    const list = fullLists([{ at: AT, rows: [item(MILK, '5.90')] }])
    await bench.load('v1', { 'price_full_file_x.csv': list })
    const again = await bench.load('v2', {
      'price_full_file_x.csv': list.replace('dumps/x', 'dumps/y'),
    })
    expect(again.versions[0]).toMatchObject({ files_read: 1, lists_known: 1, lists_read: 0 })
  })
})

describe('columns', () => {
  test('a cut name is replaced by the description that begins with it', async () => {
    const cut = {
      ...item(MILK, '5', 'חלב בקרטון 3% שומן'),
      manufactureritemdescription: 'חלב בקרטון 3% שומן מועשר',
    }
    const other = { ...item(BREAD, '7', 'לחם'), manufactureritemdescription: 'מוצר מאפה' }
    await bench.load('v', full([cut, other], {}, ['manufactureritemdescription']))
    expect((await products()).map(({ name }) => name)).toEqual(['חלב בקרטון 3% שומן מועשר', 'לחם'])
  })

  test('the first alias that is not empty counts, and a description replaces a missing name', async () => {
    const columns = [
      ...KEYS,
      ...[
        'itemcode',
        'itemnm',
        'manufactureitemdescription',
        'manufacturename',
        'manufacturercountry',
      ],
      ...['unitqty', 'quantity', 'unitmeasure', 'blsweighted', 'itemprice'],
    ]
    const milk = {
      itemcode: MILK,
      itemnm: 'חלב',
      manufactureitemdescription: 'תיאור',
      manufacturename: 'מחלבה',
      manufacturercountry: 'IL',
      unitqty: 'מיליליטרים',
      quantity: '750.00',
      unitmeasure: '100 מל',
      blsweighted: '0',
      itemprice: '5.90',
    }
    const loose = {
      ...milk,
      itemcode: '101',
      itemnm: "''",
      unitqty: "ק''ג",
      quantity: '1',
      blsweighted: '1',
    }
    await bench.load('v', {
      'price_full_file_x.csv': csvOf(
        columns,
        sourceRows('PriceFull', [{ at: AT, rows: [milk, loose] }]),
      ),
      'price_full_file_y.csv': csvOf(
        [...KEYS, 'itemcode', 'itemname', 'itemnm', 'itemprice'],
        sourceRows('PriceFull', [
          {
            store: '2',
            at: AT,
            rows: [{ itemcode: BREAD, itemname: "''", itemnm: 'לחם', itemprice: '7' }],
          },
        ]),
      ),
    })
    const shared = { manufacturer: 'מחלבה', country: 'IL', extra: null }
    expect(await products()).toEqual([
      {
        code: '101',
        chain_id: CHAIN,
        name: 'תיאור',
        ...shared,
        unit: 'kilogram',
        quantity: '1',
        weighted: true,
      },
      {
        code: MILK,
        chain_id: null,
        name: 'חלב',
        ...shared,
        unit: 'milliliter',
        quantity: '750',
        weighted: false,
      },
      expect.objectContaining({ code: BREAD, name: 'לחם' }),
    ])
  })

  test('an unknown column is stored as JSON on the product', async () => {
    await bench.load(
      'v',
      full(
        [
          { ...item(MILK, '5.90'), itemkashrut: 'חלבי' },
          { ...item(BREAD, '7'), itemkashrut: "''" },
        ],
        {},
        ['itemkashrut'],
      ),
    )
    expect((await products()).map(({ extra }) => extra)).toEqual([{ itemkashrut: 'חלבי' }, null])
  })

  test('an unknown column of a later version is stored too, in any order of loading', async () => {
    const before = full([item(MILK, '5.90')])
    const after = full([{ ...item(MILK, '5.90'), itemkashrut: 'חלבי' }], { at: '202605020300' }, [
      'itemkashrut',
    ])
    await bench.load('v1', before)
    await bench.load('v2', after)
    expect((await products()).map(({ extra }) => extra)).toEqual([{ itemkashrut: 'חלבי' }])
    await bench.empty()
    await bench.load('v2', after)
    await bench.load('v1', before)
    expect((await products()).map(({ extra }) => extra)).toEqual([{ itemkashrut: 'חלבי' }])
  })

  test('columns are read by name in any order, with or without an index column', async () => {
    const rows = sourceRows('PriceFull', [
      { store: '1', at: AT, rows: [item(MILK, '5.90'), item(BREAD, '7')] },
      { store: '2', at: AT, rows: [item(MILK, '6.10')] },
    ])
    const columns = [
      'found_folder',
      'file_name',
      'itemcode',
      'itemprice',
      'storeid',
      'itemname',
      'chainid',
    ]
    await bench.load('v1', { 'price_full_file_x.csv': csvOf(columns, rows) })
    const prices = [
      `${CHAIN}/1 ${MILK} 5.90`,
      `${CHAIN}/1 ${BREAD} 7.00`,
      `${CHAIN}/2 ${MILK} 6.10`,
    ]
    expect(await currentOf(bench.sql)).toEqual(prices)
    const moved = ['itemcode', 'itemprice', ...columns.filter((name) => !name.startsWith('item'))]
    const summary = await bench.load('v2', { 'price_full_file_x.csv': csvOf(moved, rows) })
    expect(summary).toMatchObject({ errors: [], versions: [{ rejects: 0, lists_read: 2 }] })
    expect(await currentOf(bench.sql)).toEqual(prices)
    for (const index of ['', 'Unnamed: 0', 'index']) {
      await bench.empty()
      const indexed = rows.map((row, i) => ({ ...row, [index]: String(i) }))
      const { versions } = await bench.load('v3', {
        'price_full_file_x.csv': csvOf([index, ...columns], indexed),
      })
      expect(versions[0]).toMatchObject({ errors: [], rejects: 0, lists_read: 2 })
      expect(await currentOf(bench.sql)).toEqual(prices)
      const extras = await bench.sql`select from catalog.products where extra is not null`
      expect(extras).toHaveLength(0)
    }
  })
})

describe('chains and stores', () => {
  test('shortened chain ids are completed on loading', async () => {
    const sources = ['72906390', '72906', '72908'].map((chain) => ({
      chain,
      at: AT,
      rows: [item(MILK, '5')],
    }))
    await bench.load('v', { 'price_full_file_x.csv': fullLists(sources) })
    expect(await currentOf(bench.sql)).toEqual([
      `7290639000004/1 ${MILK} 5.00`,
      `7290696200003/1 ${MILK} 5.00`,
      `7290875100001/1 ${MILK} 5.00`,
    ])
  })

  test('store numbers 001 and 1 are the same store', async () => {
    await bench.load('v', {
      ...full([item(MILK, '5')], { store: '001' }),
      'price_file_x.csv': deltas([{ store: '1', at: '202605011200', rows: [item(MILK, '6')] }]),
      'store_file_x.csv': storeFile([{ store: '01', at: AT, rows: [{ storename: 'סניף' }] }]),
    })
    expect(await stores()).toMatchObject([{ number: 1, name: 'סניף' }])
    expect(await spansOf(bench.sql)).toEqual([
      `${CHAIN}/1 ${MILK} 05-01 00:00–05-01 09:00 5.00`,
      `${CHAIN}/1 ${MILK} 05-01 09:00– 6.00`,
    ])
  })

  test('a store without a store file has prices; a later store file describes it, an older one does not', async () => {
    await bench.load('v1', full([item(MILK, '5')], { store: '7' }))
    expect(await stores()).toMatchObject([{ number: 7, name: null, city: null }])
    const described = (at: string, storename: string) => ({
      'store_file_x.csv': storeFile([
        { store: '7', at, rows: [{ storename, city: 'חיפה', chainname: storename }] },
      ]),
    })
    await bench.load('v3', described('202605030200', 'חדש'))
    expect(await stores()).toMatchObject([{ number: 7, name: 'חדש', city: 'חיפה' }])
    await bench.load('v2', described('202605020200', 'ישן'))
    expect(await stores()).toMatchObject([{ number: 7, name: 'חדש', city: 'חיפה' }])
    expect([...(await bench.sql`select name from catalog.chains`)]).toEqual([{ name: 'חדש' }])
    expect(await currentOf(bench.sql)).toEqual([`${CHAIN}/7 ${MILK} 5.00`])
  })

  test('a CBS code is not a city name, 0 is empty, store types have names, and coordinates are read', async () => {
    const rows = [
      {
        storeid: '1',
        storetype: '1',
        storename: 'א',
        address: 'הרצל 1',
        city: '3000',
        zipcode: '9100001',
        latitude: '31.7',
      },
      {
        storeid: '2',
        storetype: '2',
        storename: 'ב',
        address: '0',
        city: '0',
        zipcode: '0000000',
        latitude: '0',
      },
      {
        storeid: '3',
        storename: 'NO_BODY',
        address: 'unknown',
        city: 'לא ידוע',
        zipcode: "''",
        latitude: '',
      },
    ]
    await bench.load('v', { 'store_file_x.csv': storeFile([{ at: AT, rows }], ['latitude']) })
    const emptyStore = {
      sub_chain: null,
      city: null,
      city_code: null,
      address: null,
      zip: null,
      latitude: null,
      longitude: null,
    }
    expect(await stores()).toEqual([
      {
        ...{ ...emptyStore, chain_id: CHAIN, number: 1, name: 'א', type: 'physical' },
        ...{ city_code: '3000', address: 'הרצל 1', zip: '9100001', latitude: '31.700000' },
      },
      { ...emptyStore, chain_id: CHAIN, number: 2, name: 'ב', type: 'online' },
      { ...emptyStore, chain_id: CHAIN, number: 3, name: null, type: 'online', latitude: null },
    ])
  })

  test('files with two slugs of one chain id belong to one chain', async () => {
    await bench.load('v', {
      'price_full_file_victory.csv': fullLists([{ store: '1', at: AT, rows: [item('101', '5')] }]),
      'price_full_file_victory_new_source.csv': fullLists([
        { store: '2', at: AT, rows: [item('101', '6')] },
        { store: '1', at: AT, rows: [item('101', '5')] },
      ]),
    })
    expect([...(await bench.sql`select id, slugs from catalog.chains`)]).toEqual([
      { id: CHAIN, slugs: ['victory', 'victory_new_source'] },
    ])
    expect(await currentOf(bench.sql)).toEqual([
      `${CHAIN}/1 ${CHAIN}-101 5.00`,
      `${CHAIN}/2 ${CHAIN}-101 6.00`,
    ])
  })
})

describe('codes and prices', () => {
  test('chains share barcodes but not short codes; leading zeros and spaces are ignored', async () => {
    const long = '12345678901234567890'
    await bench.load('v', {
      'price_full_file_x.csv': fullLists([
        {
          at: AT,
          rows: [
            item(MILK, '5'),
            item('101', '1'),
            item('00000000', '2'),
            item(long, '3'),
            item('A-1', '4'),
          ],
        },
      ]),
      'price_full_file_y.csv': fullLists([
        {
          ...{ chain: OTHER, at: AT },
          rows: [
            item(`00${MILK}`, '5'),
            item('0000101', '1'),
            item('0', '2'),
            item(`0${long}`, '3'),
            item('A-1', '4'),
          ],
        },
      ]),
      'price_full_file_z.csv': fullLists([
        {
          store: '2',
          at: AT,
          rows: [item(` ${MILK}`, '7'), item('101 ', '8'), item(` ${long} `, '9')],
        },
      ]),
    })
    expect((await products()).map(({ code, chain_id }) => [code, chain_id])).toEqual([
      ['0', CHAIN],
      ['0', OTHER],
      ['101', CHAIN],
      ['101', OTHER],
      [long, null],
      [MILK, null],
      ['A-1', CHAIN],
      ['A-1', OTHER],
    ])
    expect(await currentOf(bench.sql)).toContain(`${CHAIN}/2 ${MILK} 7.00`)
  })

  test('the last row of a repeated code in a list counts', async () => {
    const rows = [item(MILK, '5'), item(BREAD, '7'), item(MILK, '6.5'), item(BREAD, '0')]
    const summary = await bench.load('v', full(rows))
    expect(await currentOf(bench.sql)).toEqual([`${CHAIN}/1 ${MILK} 6.50`])
    expect(summary.versions[0]).toMatchObject({ repeated_codes: 2, not_for_sale: 1, rejects: 0 })
  })

  test('a zero, negative or unreadable price ends the span, and an unreadable one is a reject', async () => {
    const codes = ['201', '202', '203', '204', '205']
    const opening = full(codes.map((code) => item(code, '5')))
    await bench.load('v1', opening)
    const rows = [
      item('201', '0.00'),
      item('202', '-3'),
      item('203', 'abc'),
      item('204', "''"),
      item('205', '5.00'),
    ]
    const summary = await bench.load('v2', {
      'price_file_x.csv': deltas([{ at: '202605011200', rows }]),
    })
    expect(await spansOf(bench.sql)).toEqual([
      ...codes
        .slice(0, 4)
        .map((code) => `${CHAIN}/1 ${CHAIN}-${code} 05-01 00:00–05-01 09:00 5.00`),
      `${CHAIN}/1 ${CHAIN}-205 05-01 00:00– 5.00`,
    ])
    expect(summary).toMatchObject({ status: 'completed', errors: [] })
    expect(summary.versions[0]).toMatchObject({ not_for_sale: 4, rejects: 2 })
    expect(await rejects()).toEqual([
      {
        ...{ file_name: 'price_file_x.csv', line: 4 },
        ...{ reason: 'a price that cannot be read: abc', raw: ',,,,,,203,מוצר 203,abc' },
      },
      { file_name: 'price_file_x.csv', line: 5, reason: 'no price', raw: ",,,,,,204,מוצר 204,''" },
    ])
  })

  test('prices are stored in exact agorot', async () => {
    const prices = ['0.29', '19.999', '1234567.89', '4.115', '.5', '7.', '1e3']
    await bench.load('v', full(prices.map((price, i) => item(`30${i}`, price))))
    expect((await currentOf(bench.sql)).map((price) => price.split(' ').at(-1))).toEqual([
      ...['0.29', '20.00', '1234567.89', '4.12', '0.50', '7.00'],
    ])
  })
})

describe('lists', () => {
  test('a full list ends the prices that it leaves out, and a delta list does not', async () => {
    await bench.load('v', {
      'price_full_file_x.csv': fullLists([
        { store: '1', at: '202605010300', rows: [item(MILK, '5'), item(BREAD, '7')] },
        { store: '2', at: '202605010300', rows: [item(MILK, '5')] },
        { store: '1', at: '202605020300', rows: [item(MILK, '5')] },
      ]),
      'price_file_x.csv': deltas([{ store: '2', at: '202605020300', rows: [item(BREAD, '8')] }]),
    })
    expect(await spansOf(bench.sql)).toEqual([
      `${CHAIN}/1 ${MILK} 05-01 00:00– 5.00`,
      `${CHAIN}/1 ${BREAD} 05-01 00:00–05-02 00:00 7.00`,
      `${CHAIN}/2 ${MILK} 05-01 00:00– 5.00`,
      `${CHAIN}/2 ${BREAD} 05-02 00:00– 8.00`,
    ])
  })

  test('for lists of the same time a full list precedes a delta list, then the file names decide', async () => {
    const rows = (type: 'PriceFull' | 'Price', price: string, suffix: string) =>
      sourceRows(type, [{ at: AT, rows: [item(MILK, price)] }]).map((row) => ({
        ...row,
        file_name: `${row.file_name}${suffix}`,
      }))
    const columns = [...KEYS, 'itemcode', 'itemname', 'itemprice']
    await bench.load('v', {
      'price_file_x.csv': csvOf(columns, [
        ...rows('Price', '6', '-b.xml'),
        ...rows('Price', '5', '-a.xml'),
      ]),
      'price_full_file_x.csv': csvOf(columns, [
        ...rows('PriceFull', '9', '-z.xml'),
        ...rows('PriceFull', '8', '-y.xml'),
      ]),
    })
    expect(await spansOf(bench.sql)).toEqual([`${CHAIN}/1 ${MILK} 05-01 00:00– 6.00`])
    expect([
      ...(await bench.sql`select count(*)::integer as lists from pricing.price_lists`),
    ]).toEqual([{ lists: 4 }])
  })

  test('only the row with too few cells is rejected', async () => {
    const csv = full([item(MILK, '5'), item(BREAD, '7'), item('101', '3')])['price_full_file_x.csv']
    const torn = csv.replace(`,,,,,,${BREAD},מוצר ${BREAD},7`, ',,,,')
    await bench.load('v', { 'price_full_file_x.csv': torn })
    expect(await currentOf(bench.sql)).toEqual([
      `${CHAIN}/1 ${CHAIN}-101 3.00`,
      `${CHAIN}/1 ${MILK} 5.00`,
    ])
    expect(await rejects()).toEqual([
      { file_name: 'price_full_file_x.csv', line: 3, reason: '5 cells instead of 9', raw: ',,,,' },
    ])
  })

  test('an invalid line does not end its list', async () => {
    const csv = full([item(MILK, '5'), item(BREAD, '7'), item('101', '3')])['price_full_file_x.csv']
    const torn = csv.replace(`מוצר ${BREAD}`, `מוצר\n${BREAD}`)
    await bench.load('v', { 'price_full_file_x.csv': torn })
    expect(await currentOf(bench.sql)).toEqual([
      `${CHAIN}/1 ${CHAIN}-101 3.00`,
      `${CHAIN}/1 ${MILK} 5.00`,
    ])
    expect((await rejects()).length).toBe(2)
  })

  test('a block with a broken first row is rejected and not added to the previous store', async () => {
    const csv = fullLists([
      { store: '1', at: AT, rows: [item(MILK, '5'), item(BREAD, '7')] },
      { store: '2', at: AT, rows: [item(MILK, '6'), item(BREAD, '8')] },
      { store: '3', at: AT, rows: [item(MILK, '9')] },
    ])
    const broken = csv.replace(/(-002-.*),6\n/, '$1\n')
    const summary = await bench.load('v', { 'price_full_file_x.csv': broken })
    expect(await currentOf(bench.sql)).toEqual([
      `${CHAIN}/1 ${MILK} 5.00`,
      `${CHAIN}/1 ${BREAD} 7.00`,
      `${CHAIN}/3 ${MILK} 9.00`,
    ])
    expect(summary.versions[0]?.rejects).toBe(2)
    expect(await rejects()).toMatchObject([
      { line: 4, reason: '8 cells instead of 9' },
      {
        line: 5,
        reason: 'the first row of its source file cannot be read',
        raw: `,,,,,,${BREAD},מוצר ${BREAD},8`,
      },
    ])
  })

  test('a list without a timestamp, a store or a chain is rejected with its reason', async () => {
    await bench.load('v', {
      'price_full_file_x.csv': fullLists([
        { at: 'gestern', rows: [item(MILK, '5')] },
        { store: 'ABC', at: AT, rows: [item(MILK, '5')] },
        { chain: 'שלי', at: AT, rows: [item(MILK, '5')] },
      ]),
    })
    expect(await spansOf(bench.sql)).toEqual([])
    expect((await rejects()).map((reject) => (reject as { reason: string }).reason)).toEqual([
      `no date and time in its file name: PriceFull${CHAIN}-001-gestern`,
      'a store number that cannot be read: ABC',
      'a chain id that is no number: שלי',
    ])
  })

  test('bytes that the database does not accept do not fail a file', async () => {
    const summary = await bench.load(
      'v',
      full([item(MILK, 'a\0b'), item('10\x001', '3'), item(BREAD, '7', 'ל\0חם')]),
    )
    expect(summary.errors).toEqual([])
    expect(await currentOf(bench.sql)).toContain(`${CHAIN}/1 ${BREAD} 7.00`)
    expect(await rejects()).toMatchObject([{ line: 2 }])
  })

  test('very long texts do not fail a file', async () => {
    let seed = 7
    const letter = () => {
      seed = (seed * 48_271) % 2_147_483_647
      return String.fromCharCode(0x5d0 + (seed % 27))
    }
    const letters = Array.from({ length: 9000 }, letter).join('')
    const summary = await bench.load('v', {
      ...full(
        [{ ...item(MILK, '5', letters), manufacturername: letters }, item(letters, '3')],
        {},
        ['manufacturername'],
      ),
      'store_file_x.csv': storeFile([
        { at: AT, rows: [{ storename: letters, city: letters, address: letters }] },
      ]),
    })
    expect(summary.errors).toEqual([])
    expect(await currentOf(bench.sql)).toContain(`${CHAIN}/1 ${MILK} 5.00`)
  })
})

describe('files', () => {
  test('files with other names are skipped, and CSV names with a date are read', async () => {
    const csv = full([item(MILK, '5')])['price_full_file_x.csv']
    const summary = await bench.load('v', {
      'price_full_file_x_20260501.csv': csv,
      'Price_full_file_y.csv': 'no CSV of ours',
      'notes.csv': 'a,b',
      'index.json': '{"0":"2026-04-30 10:00:00","1":"2026-05-01 10:00:00"}',
      'promo_file_x.csv.bak': 'found_folder,file_name\n',
    })
    expect(summary.versions[0]).toMatchObject({
      files_read: 1,
      date: '2026-05-01',
      rows: { price_full: 1 },
      errors: [],
    })
    expect([...(await bench.sql`select slugs from catalog.chains`)]).toEqual([{ slugs: ['x'] }])
  })

  test('a CSV with only a header loads as a file without rows', async () => {
    const summary = await bench.load('v', {
      'price_full_file_x.csv': fullLists([]),
      'price_file_x.csv': deltas([]).trimEnd(),
      'store_file_x.csv': storeFile([]),
    })
    expect(summary).toMatchObject({ status: 'completed', errors: [] })
    expect(summary.versions[0]).toMatchObject({
      files_read: 3,
      rows: { price_full: 0, price: 0, store: 0 },
    })
  })

  test('an unreadable file is an error with its name, and other files are published', async () => {
    const summary = await bench.load('v', {
      ...full([item(MILK, '5')]),
      'price_full_file_a.csv': csvOf([...KEYS, 'itemcode', 'itemname'], [item(MILK, '5')]),
      'price_file_b.csv': '',
      'store_file_c.csv': 'found_folder,file_name,chainid\n',
    })
    expect(summary.status).toBe('failed')
    expect(summary.errors).toEqual([
      'v: price_file_b.csv: Cannot read a price file: it is empty',
      'v: price_full_file_a.csv: Cannot read a price file without the column itemprice',
      'v: store_file_c.csv: Cannot read a store file without the column storeid',
    ])
    expect(await currentOf(bench.sql)).toEqual([`${CHAIN}/1 ${MILK} 5.00`])
    const [run] = await bench.sql`select status, error from ingestion.runs`
    expect(run).toEqual({ status: 'failed', error: summary.errors.join('\n') })
    expect([...(await bench.sql`select status, total_files from ingestion.datasets`)]).toEqual([
      { status: 'failed', total_files: 1 },
    ])
  })
})
