import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleTruth, writeSample } from '../../../../scripts/sample/generate.ts'
import { openVersion } from '../../files/versions.ts'
import { CHAIN, fullLists, item, storeFile } from '../../testing/ingest.ts'
import { zipOf } from '../../testing/zip.ts'
import { takeInventory } from './inventory.ts'
import { inventoryMarkdown, inventoryText } from './inventory-report.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'super-zol-inventory-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function inventoryOf(path: string) {
  const version = await openVersion(path)
  const inventory = await takeInventory(version, () => {})
  version.close()
  return inventory
}

const FILES = {
  'index.json': '{"0": "2026-05-01 23:00:00"}',
  'price_full_file_x.csv': fullLists([
    { store: '1', at: '202605010300', rows: [item('1', '5'), item('2', '6'), item('3', '7')] },
    { store: '001', at: '202605012130', rows: [item('1', '5')] },
    { store: '2', at: '202605010410', rows: [item('1', '5')] },
  ]),
  'x_price_full_file.json': JSON.stringify({
    events: [
      { file_name: `PriceFull${CHAIN}-001-202605010300`, row_count: 3 },
      { file_name: `PriceFull${CHAIN}-001-202605012130`, row_count: 2 },
      { file_name: `PriceFull${CHAIN}-003-202605012130`, row_count: 0 },
    ],
  }),
  'store_file_x.csv': storeFile([
    { at: '202605010100', rows: [{ storename: 'א' }, { storeid: '7' }] },
  ]),
  'promo_file_y.csv': 'found_folder,storeid\nf,1\n',
  'notes.txt': 'x',
}

test('the inventory lists files by chain and type, equally from a folder and a zip', async () => {
  const path = join(folder, '2026-05-01')
  await mkdir(path)
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(path, name), text)
  await writeFile(`${path}.zip`, zipOf(FILES))
  const inventory = await inventoryOf(path)
  expect({ ...(await inventoryOf(`${path}.zip`)), path }).toEqual(inventory)
  const { files, ...figures } = inventory
  expect(figures).toEqual({
    ...{ version: '2026-05-01', path, date: '2026-05-01' },
    ...{
      bytes: Buffer.byteLength(Object.values(FILES).join('')),
      rows: 7,
      source_files: 4,
      chains: 1,
      stores: 3,
    },
  })
  expect(files.map(({ file, type, slug }) => [file, type, slug])).toEqual([
    ['price_full_file_x.csv', 'price_full', 'x'],
    ['store_file_x.csv', 'store', 'x'],
    ['x_price_full_file.json', 'status', 'x'],
    ['promo_file_y.csv', 'promo', 'y'],
    ['index.json', 'index', null],
    ['notes.txt', 'other', null],
  ])
  expect(files[0]).toEqual({
    ...{ file: 'price_full_file_x.csv', type: 'price_full', slug: 'x', chain_ids: [CHAIN] },
    ...{
      bytes: FILES['price_full_file_x.csv'].length + 5 * 4,
      rows: 5,
      source_files: 3,
      stores: 2,
      columns: 9,
    },
    ...{ first_moment: '2026-05-01T03:00:00+03:00', last_moment: '2026-05-01T21:30:00+03:00' },
    ...{ status: { source_files: 3, without_rows: 1, rows: 5 }, error: null },
  })
  expect(files[1]).toMatchObject({ rows: 2, stores: 2, status: null })
  expect(files[3]).toMatchObject({
    rows: null,
    error: 'Cannot read a dataset file without the column file_name',
  })
  expect(inventoryText([inventory])).toBe(
    '2026-05-01: 6 files, 1 kB, 7 rows, 4 source files, 1 chain, 3 stores, 1 file UNREADABLE',
  )
  const markdown = inventoryMarkdown([inventory])
  expect(markdown).toContain(
    '| x | price_full | price_full_file_x.csv | 1 kB | 5 | 3 | 2 | 9 | 2026-05-01 03:00 |',
  )
  expect(markdown).toContain('| 5 rows in 3, 1 without rows |')
  expect(markdown).toContain('- **promo_file_y.csv**: Cannot read')
})

test("the inventory's row counts of the sample equal its truth file", async () => {
  const options = { days: 3, stores: 12, products: 200 }
  const truth = sampleTruth(options)
  const inventories = await Promise.all(
    (await writeSample(join(folder, 'sample'), options)).map(inventoryOf),
  )
  const rows: Record<string, number> = {}
  for (const { files } of inventories) {
    for (const file of files) {
      if (file.rows === null) continue
      rows[file.type] = (rows[file.type] ?? 0) + file.rows
      // the status file has the row counts of the CSV
      expect([file.file, file.status?.rows]).toEqual([file.file, file.rows])
    }
  }
  expect(rows).toEqual(truth.rows)
  expect(Math.max(...inventories.map(({ chains }) => chains))).toBe(truth.chains)
  const names = await readdir(join(folder, 'sample', inventories[0]?.version ?? ''))
  expect(inventories[0]?.files.map(({ file }) => file).sort()).toEqual(names.sort())
})
