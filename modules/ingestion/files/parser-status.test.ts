import { expect, test } from 'bun:test'
import { reconcile } from './parser-status.ts'

const FAMILY = { slug: 'shop', family: 'price_full' }

function versionWith(name: string, text: string) {
  const bytes = Buffer.from(text)
  const open = async function* () {
    yield bytes
  }
  return {
    name: '2026-08-10',
    path: '',
    date: null,
    files: [{ name, bytes: bytes.length, open }],
    close: () => {},
  }
}

const STATUS = JSON.stringify({
  events: [
    { status: 'registered', file_name: 'A.xml' },
    { status: 'processed', file_name: 'A.xml', row_count: 3 },
    { status: 'processed', file_name: 'B.xml', row_count: 2 },
    { status: 'processed', file_name: 'C.xml', row_count: 0 },
    { status: 'processed', file_name: 'D.xml', row_count: 5 },
  ],
})

test("the rows read are compared with the parser's counts", async () => {
  const read = new Map([
    ['A.xml', 3],
    ['B.xml', 1],
  ])
  expect(await reconcile(versionWith('shop_price_full_file.json', STATUS), FAMILY, read)).toEqual({
    counted: 4,
    without_rows: 1,
    differing: [
      { file_name: 'B.xml', counted: 2, read: 1 },
      { file_name: 'D.xml', counted: 5, read: 0 },
    ],
  })
})

test('without a readable status file the comparison is null', async () => {
  for (const [name, text] of [
    ['other_price_full_file.json', STATUS],
    ['shop_price_full_file.json', 'no json'],
    ['shop_price_full_file.json', '{"events": {}}'],
  ] as const) {
    expect(await reconcile(versionWith(name, text), FAMILY, new Map())).toBeNull()
  }
})
