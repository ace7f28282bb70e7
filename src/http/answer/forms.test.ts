import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { bodyOf, startTestApi, type TestApi } from '../../testing/test-app.ts'
import { csvWriter } from './csv.ts'
import { chooseMediaType } from './media-type.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const accept = (type: string) => ({ headers: { accept: type } })

test('the media type with the highest weight in Accept is chosen', () => {
  expect(chooseMediaType(null)).toBe('application/json')
  expect(chooseMediaType('*/*')).toBe('application/json')
  expect(chooseMediaType('text/html,application/xhtml+xml,*/*;q=0.8')).toBe('application/json')
  expect(chooseMediaType('text/csv')).toBe('text/csv')
  expect(chooseMediaType('text/*')).toBe('text/csv')
  expect(chooseMediaType('application/json;q=0.5, TEXT/CSV;q=0.9')).toBe('text/csv')
  expect(chooseMediaType('application/x-ndjson, application/json;q=0.9')).toBe(
    'application/x-ndjson',
  )
  for (const none of ['text/csv;q=0, image/png', 'text/html', '*/*;q=0'])
    expect(() => chooseMediaType(none)).toThrow('Accept must allow')
})

describe('CSV', () => {
  test('CSV has a header, columns for nested fields, and quotes where needed', async () => {
    const response = await api.ask(
      '/v1/products?per_page=2&fields=id,product_name,names,current_price',
      accept('text/csv'),
    )
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(response.headers.get('x-total-count')).toBe('5')
    expect(await response.text()).toBe(
      'id,product_name,names,current_price.min,current_price.max,current_price.avg\r\n' +
        '1,חלב 3% 1 ליטר,"חלב 3% 1 ליטר | חלב טרי תנובה",6.5,7.11,6.81\r\n' +
        "2,צ'יפס 50גרם,צ'יפס 50גרם,4.5,4.5,4.5\r\n",
    )
  })

  test('the CSV of an empty list is only its header, and null is an empty cell', async () => {
    expect(
      await (await api.ask('/v1/products/manufacturers?q=zz', accept('text/csv'))).text(),
    ).toBe('manufacturer,product_count\r\n')
    const rows = await (
      await api.ask(
        '/v1/products?sort=id:desc&per_page=1&fields=id,manufacturer,current_price,store_count',
        accept('text/csv'),
      )
    ).text()
    expect(rows.split('\r\n')[1]).toBe('5,תנובה,,,,0')
  })
})

test('NDJSON has one row per line and a link to the next page', async () => {
  const response = await api.ask(
    '/v1/products?per_page=2&page=2&fields=id',
    accept('application/x-ndjson'),
  )
  expect(response.headers.get('content-type')).toBe('application/x-ndjson')
  expect(await response.text()).toBe('{"id":3}\n{"id":4}\n')
  const next = /<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1] ?? ''
  const last = await api.ask(next, accept('application/x-ndjson'))
  expect([await last.text(), last.headers.get('link')]).toEqual([
    '{"id":5}\n',
    '</v1/products?per_page=2&fields=id>; rel="first"',
  ])
})

test('every list is available as JSON, NDJSON and CSV', async () => {
  const lists = [
    'chains',
    'stores',
    'products',
    'products/search?q=חלב',
    'products/categories',
    'products/manufacturers',
    'products/1/prices',
    'products/1/stores',
  ]
  lists.push(
    'stores/1/prices',
    'stores/1/products',
    'prices',
    'metadata/datasets',
    'ingestion/runs',
    'ingestion/runs/1/rejects',
  )
  for (const list of lists) {
    const json = (await bodyOf(await api.ask(`/v1/${list}`))).data
    const lines = (await (await api.ask(`/v1/${list}`, accept('application/x-ndjson'))).text())
      .trimEnd()
      .split('\n')
    expect([list, lines.map((line) => JSON.parse(line))]).toEqual([list, json])
    const csv = (await (await api.ask(`/v1/${list}`, accept('text/csv'))).text())
      .trimEnd()
      .split('\r\n')
    expect([list, csv.length]).toEqual([list, json.length + 1])
  }
})

test('the fields parameter selects fields in lists and single items', async () => {
  expect(await api.data('/v1/chains?fields=id,name')).toEqual([
    { id: '7290027600007', name: 'שופרסל' },
    { id: '7290058140886', name: 'רמי לוי' },
  ])
  expect(await api.data('/v1/products/1?fields=store_count')).toEqual({ store_count: 2 })
})

describe('the format of an answer', () => {
  test('the format parameter overrides Accept and sets a file name', async () => {
    for (const [format, type, name] of [
      ['csv', 'text/csv; charset=utf-8; header=present', 'stores-1-prices.csv'],
      ['ndjson', 'application/x-ndjson', 'stores-1-prices.ndjson'],
    ]) {
      for (const paging of ['', '&per_page=1']) {
        const response = await api.ask(
          `/v1/stores/1/prices?format=${format}${paging}`,
          accept('application/json'),
        )
        expect(response.headers.get('content-type')).toBe(type as string)
        expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${name}"`)
        await response.text()
      }
    }
    const json = await api.ask('/v1/chains?format=json', accept('text/csv'))
    expect([json.headers.get('content-disposition'), (await bodyOf(json)).data.length]).toEqual([
      null,
      2,
    ])
  })

  test('an unknown format returns 400 or 406, also for single items', async () => {
    expect((await api.ask('/v1/chains?format=xml')).status).toBe(400)
    expect((await api.ask('/v1/chains/1?format=csv')).status).toBe(400)
    for (const path of ['/v1/chains', '/v1/chains/7290027600007']) {
      const refused = await api.ask(path, accept('application/xml'))
      expect([refused.status, (await bodyOf(refused)).error.code]).toEqual([406, 'NOT_ACCEPTABLE'])
    }
    expect((await api.ask('/v1/chains/7290027600007', accept('text/csv'))).status).toBe(406)
    expect((await api.ask('/v1/chains/7290027600007', accept('text/html, */*;q=0.1'))).status).toBe(
      200,
    )
  })
})

describe('CSV for a spreadsheet', () => {
  const bytesOf = async (path: string) => new Uint8Array(await (await api.ask(path)).arrayBuffer())

  test('CSV begins with a byte order mark when bom=true', async () => {
    for (const path of ['/v1/chains?format=csv', '/v1/chains?format=csv&per_page=1']) {
      const [plain, marked] = [await bytesOf(path), await bytesOf(`${path}&bom=true`)]
      expect([...marked.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
      expect(marked.subarray(3)).toEqual(plain)
    }
  })

  test.each([
    ['=1+1', "'=1+1"],
    ['+972', "'+972"],
    ['@sum(a1)', "'@sum(a1)"],
    ['-cmd', "'-cmd"],
    ['\tx', "'\tx"],
    ['-5', '-5'],
    ['a=b', 'a=b'],
  ])('writes the text %p as %p', async (text, cell) => {
    const writer = csvWriter(['text', 'number', 'list'])
    const rows = [{ text, number: -1.5, list: [text, 'x'] }]
    const csv = Buffer.concat([await writer.write(rows), await writer.end()]).toString()
    expect(csv).toBe(`text,number,list\r\n${cell},-1.5,"${cell} | x"\r\n`)
  })
})
